/** What the pages on figures and trade say, in English and Russian. Places in braces are filled in. A test keeps both languages complete. */
import { usePage } from "./page.js";

/** @typedef {keyof typeof EN} Key */
/** @typedef {import("./answer").Lang} Lang */

export const EN = {
  // check
  check_title: "Do these figures hold?", check_lead: "Paste an article, a letter or a speech in English, Russian or Kazakh. Each figure it states is held against the others of the text and against what is on record.",
  check_text: "Text", check_hint: "Paste the text here, or drop a file.", check_published: "Published on", check_do: "Check", check_busy: "Checking…", check_file: "Open a file (text, HTML, DOCX, PDF)",
  check_example: "Try an example", check_example_text: "In 2023 trade between Kazakhstan and Vietnam rose by 85.4 % compared with 2022 (528.3 million US dollars) and came to 979.2 million US dollars. Exports to Vietnam reached 180.2 million dollars, up 44.1 %.",
  check_clear: "Clear", check_kept: "The text is read by the program on this machine. It is not kept, and never stands in the address.",
  check_said: "Figures found: {n}.", check_none: "No figures were found in this text.", check_result: "What was found", check_counts: "Figures by verdict; choose one to see only these", check_marked: "The text with its figures marked",
  check_cite: "Figure {n}: {verdict}", check_rows: "Rows of evidence", check_others: "Other readings", check_nothing: "Nothing is known to hold it against.", check_left: "Numbers that no claim has",
  verdict_refuted: "refuted at printed precision", verdict_differs: "differs from the ledger", verdict_agrees: "agrees with the ledger", verdict_not_comparable: "not comparable", verdict_consistent: "consistent", verdict_no_record: "no record", verdict_note: "note",
  slot_subject: "who", slot_partner: "with whom", slot_flow: "flow", slot_commodity: "goods", slot_mode: "mode", slot_period: "period", slot_value: "value", slot_value_max: "up to", slot_unit: "unit", slot_qualifier: "said how", slot_whole: "out of",
  slot_growth_pct: "growth", slot_growth_times: "times", slot_growth_abs: "change", slot_base_value: "base", slot_base_period: "base period", slot_share_pct: "share", slot_against: "measured by", slot_modality: "meant as", slot_perspective: "whose statistics", slot_edition: "edition",
  flow_turnover: "turnover", flow_export: "exports", flow_import: "imports", "flow_re-export": "re-exports", flow_transit: "transit", flow_freight: "freight", flow_production: "production", flow_other: "other", flow_balance: "balance",
  qualifier_approx: "about", qualifier_almost: "almost", qualifier_slightly_over: "slightly over", qualifier_more_than: "more than", qualifier_less_than: "less than", qualifier_range: "range", modality_planned: "plan", modality_forecast: "forecast",
  // on record
  brief_title: "Brief", brief_lead: "Two pages and an annex on {name} and {partner}: trade, ways, materials, projects, what to watch; every figure with its source.",
  records_title: "On record: {name} – {partner}", records_note: "Things with rival figures: {n}. Rivals stand side by side and are never averaged.", records_value: "Value", records_kind: "Where it stands", records_whose: "Whose", records_published: "Published", records_sum: "sum", records_conflict: "{apart} % apart, more than rounding explains",
  goods_all: "all goods", goods_code: "HS {code}", undated: "undated", kind_official_reporter: "official statistics", kind_comtrade_own: "UN Comtrade", kind_comtrade_mirror: "UN Comtrade by the partner", kind_computed: "computed by us", kind_partner_stat_via_press: "partner's statistics in the press", kind_press: "said in the press", kind_reported: "reported", kind_planned: "planned", kind_checked: "said, checked before",
  edition_final: "final", edition_latest: "open to revision", edition_monthly: "sum of months", edition_as_reported: "as handed to UN Comtrade",
  // trade
  trade_title: "Trade of {name}", trade_lead: "Recorded trade in all goods by partner. Each figure keeps its source; choose a partner to see all that is on record, rivals side by side.", trade_lead_store: "Trade out of your store, each source and edition for itself, with the range that the rounding of its figures allows.",
  trade_no_store: "There is no trade store yet; these are the recorded figures that ship with Keruen.", trade_make: "Import files of BACI, Comtrade, Eurostat or your own to have all partners, products and periods, and the two sides of each trade compared:", trade_from: "Where the figures are from", trade_of_store: "Your store", trade_of_ledger: "Recorded figures",
  area_WLD: "the world", area_EU: "European Union", area_EU27: "EU of 27 members", trade_over: "{name} with {partner}, by year", trade_million: "million {currency}", trade_amount: "{value} million {currency}", trade_partners: "By partner, {year}", trade_whole: "With {partner}, by product", trade_turnover: "Turnover", trade_exports: "Exports", trade_imports: "Imports", trade_balance: "Balance",
  trade_rivals: "rivals: {n}", trade_rivals_note: "Other figures on record for the same thing; choose the partner to see them.", trade_range: "what rounding allows: {range}",
  mirror_title: "What both sides declare", mirror_goods: "Goods", mirror_sent: "sent, says the exporter", mirror_received: "received, says the importer", mirror_asymmetry: "asymmetry", mirror_why: "why", mirror_freight: "freight and insurance explain it", why_no_declaration: "one side declares nothing in the store", why_transit_port: "likely a port of transit", why_re_export: "likely re-export", why_confidential: "likely confidential", why_silent: "one side declares others, but not this", why_edition: "another edition fits better",
};

/** @type {Record<Key, string>} */
export const RU = {
  check_title: "Верны ли эти числа?", check_lead: "Вставьте статью, письмо или речь на русском, английском или казахском. Каждое число сверяется с другими числами текста и с тем, что записано в реестре.",
  check_text: "Текст", check_hint: "Вставьте текст сюда или перетащите файл.", check_published: "Опубликовано", check_do: "Проверить", check_busy: "Проверка…", check_file: "Открыть файл (текст, HTML, DOCX, PDF)",
  check_example: "Показать на примере", check_example_text: "В 2023 году товарооборот Казахстана и Вьетнама вырос на 85,4 % по сравнению с 2022 годом (528,3 млн долларов) и составил 979,2 млн долларов. Экспорт во Вьетнам достиг 180,2 млн долларов (+44,1 %).",
  check_clear: "Очистить", check_kept: "Текст читает программа на этом компьютере. Он не сохраняется и никогда не попадает в адрес.",
  check_said: "Найдено чисел: {n}.", check_none: "В этом тексте не найдено чисел.", check_result: "Что найдено", check_counts: "Числа по выводам; выберите, чтобы видеть только их", check_marked: "Текст с отмеченными числами",
  check_cite: "Число {n}: {verdict}", check_rows: "Строки данных", check_others: "Другие прочтения", check_nothing: "Сверить не с чем.", check_left: "Числа вне утверждений",
  verdict_refuted: "опровергнуто при напечатанной точности", verdict_differs: "расходится с реестром", verdict_agrees: "совпадает с реестром", verdict_not_comparable: "несопоставимо", verdict_consistent: "не противоречит", verdict_no_record: "нет данных", verdict_note: "замечание",
  slot_subject: "кто", slot_partner: "с кем", slot_flow: "поток", slot_commodity: "товар", slot_mode: "вид транспорта", slot_period: "период", slot_value: "значение", slot_value_max: "до", slot_unit: "единица", slot_qualifier: "как сказано", slot_whole: "из",
  slot_growth_pct: "рост", slot_growth_times: "в разы", slot_growth_abs: "изменение", slot_base_value: "база", slot_base_period: "период базы", slot_share_pct: "доля", slot_against: "по сравнению с", slot_modality: "что это", slot_perspective: "чья статистика", slot_edition: "издание",
  flow_turnover: "товарооборот", flow_export: "экспорт", flow_import: "импорт", "flow_re-export": "реэкспорт", flow_transit: "транзит", flow_freight: "перевозки", flow_production: "производство", flow_other: "прочее", flow_balance: "сальдо",
  qualifier_approx: "около", qualifier_almost: "почти", qualifier_slightly_over: "чуть более", qualifier_more_than: "более", qualifier_less_than: "менее", qualifier_range: "диапазон", modality_planned: "план", modality_forecast: "прогноз",
  brief_title: "Справка", brief_lead: "Две страницы и приложение ({name}, {partner}): торговля, пути, сырьё, проекты, на что обратить внимание; у каждого числа источник.",
  records_title: "Записано: {name} – {partner}", records_note: "Величин с несколькими числами: {n}. Такие числа стоят рядом и никогда не усредняются.", records_value: "Значение", records_kind: "Где стоит", records_whose: "Чья", records_published: "Опубликовано", records_sum: "сумма", records_conflict: "расходятся на {apart} %, больше, чем на округление",
  goods_all: "все товары", goods_code: "ТН ВЭД {code}", undated: "без даты", kind_official_reporter: "официальная статистика", kind_comtrade_own: "UN Comtrade", kind_comtrade_mirror: "UN Comtrade партнёра", kind_computed: "вычислено нами", kind_partner_stat_via_press: "статистика партнёра по прессе", kind_press: "сказано в прессе", kind_reported: "сообщено", kind_planned: "план", kind_checked: "сказано, проверено ранее",
  edition_final: "окончательные данные", edition_latest: "ещё уточняются", edition_monthly: "сумма месяцев", edition_as_reported: "как переданы в UN Comtrade",
  trade_title: "Торговля: {name}", trade_lead: "Записанная торговля всеми товарами по партнёрам. У каждого числа есть источник; выберите партнёра, чтобы увидеть всё, что записано, числа рядом с числами.", trade_lead_store: "Торговля из вашего хранилища: каждый источник и каждое издание сами по себе, с пределами, которые оставляет округление.",
  trade_no_store: "Хранилища торговли пока нет; здесь записанные числа, которые идут с Keruen.", trade_make: "Загрузите файлы BACI, Comtrade, Евростата или свои, чтобы видеть всех партнёров, товары и периоды и сравнивать обе стороны каждой торговли:", trade_from: "Откуда числа", trade_of_store: "Ваше хранилище", trade_of_ledger: "Записанные числа",
  area_WLD: "весь мир", area_EU: "Европейский союз", area_EU27: "ЕС из 27 стран", trade_over: "{name} и {partner} по годам", trade_million: "млн {currency}", trade_amount: "{value} млн {currency}", trade_partners: "По партнёрам, {year}", trade_whole: "Партнёр: {partner}, по товарам", trade_turnover: "Оборот", trade_exports: "Экспорт", trade_imports: "Импорт", trade_balance: "Сальдо",
  trade_rivals: "других чисел: {n}", trade_rivals_note: "Другие записанные числа о том же; выберите партнёра, чтобы увидеть их.", trade_range: "пределы по округлению: {range}",
  mirror_title: "Что заявляют обе стороны", mirror_goods: "Товары", mirror_sent: "отправлено, по экспортёру", mirror_received: "получено, по импортёру", mirror_asymmetry: "асимметрия", mirror_why: "почему", mirror_freight: "объясняется фрахтом и страхованием", why_no_declaration: "одна сторона ничего не заявляет в хранилище", why_transit_port: "вероятно, порт транзита", why_re_export: "вероятно, реэкспорт", why_confidential: "вероятно, конфиденциальность", why_silent: "одна сторона заявляет другое, но не это", why_edition: "лучше подходит другое издание",
};

const BOTH = { en: EN, ru: RU };

/** Words in a language with the places in braces filled. @param {Lang} lang @param {Key} key @param {Record<string, string | number>} [values] */
export function word(lang, key, values = {}) {
  return BOTH[lang][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Whether there are words for a key that came from the server. @param {string} key @returns {key is Key} */
export function known(key) {
  return Object.hasOwn(EN, key);
}

/** Words in the language of the page. */
export function useWords() {
  const { lang } = usePage();
  return (/** @type {Key} */ key, /** @type {Record<string, string | number>} */ values = {}) => word(lang, key, values);
}
