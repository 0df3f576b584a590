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
  check_cite: "Figure {n}: {verdict}", check_rows: "Rows of evidence", check_others: "Other readings", check_nothing: "Nothing is known to hold it against.",
  verdict_refuted: "refuted at printed precision", verdict_differs: "differs from the ledger", verdict_agrees: "agrees with the ledger", verdict_not_comparable: "not comparable", verdict_consistent: "consistent", verdict_no_record: "no record", verdict_note: "note",
  slot_subject: "who", slot_partner: "with whom", slot_flow: "flow", slot_commodity: "goods", slot_mode: "mode", slot_period: "period", slot_value: "value", slot_value_max: "up to", slot_unit: "unit", slot_qualifier: "said how", slot_whole: "out of",
  slot_growth_pct: "growth", slot_growth_times: "times", slot_growth_abs: "change", slot_base_value: "base", slot_base_period: "base period", slot_share_pct: "share", slot_against: "measured by", slot_modality: "meant as", slot_perspective: "whose statistics", slot_edition: "edition",
  flow_turnover: "turnover", flow_export: "exports", flow_import: "imports", "flow_re-export": "re-exports", flow_transit: "transit", flow_freight: "freight", flow_production: "production", flow_other: "other", flow_balance: "balance",
  qualifier_approx: "about", qualifier_almost: "almost", qualifier_slightly_over: "slightly over", qualifier_more_than: "more than", qualifier_less_than: "less than", qualifier_range: "range", modality_planned: "plan", modality_forecast: "forecast",
};

/** @type {Record<Key, string>} */
export const RU = {
  check_title: "Верны ли эти числа?", check_lead: "Вставьте статью, письмо или речь на русском, английском или казахском. Каждое число сверяется с другими числами текста и с тем, что записано в реестре.",
  check_text: "Текст", check_hint: "Вставьте текст сюда или перетащите файл.", check_published: "Опубликовано", check_do: "Проверить", check_busy: "Проверка…", check_file: "Открыть файл (текст, HTML, DOCX, PDF)",
  check_example: "Показать на примере", check_example_text: "В 2023 году товарооборот Казахстана и Вьетнама вырос на 85,4 % по сравнению с 2022 годом (528,3 млн долларов) и составил 979,2 млн долларов. Экспорт во Вьетнам достиг 180,2 млн долларов (+44,1 %).",
  check_clear: "Очистить", check_kept: "Текст читает программа на этом компьютере. Он не сохраняется и никогда не попадает в адрес.",
  check_said: "Найдено чисел: {n}.", check_none: "В этом тексте не найдено чисел.", check_result: "Что найдено", check_counts: "Числа по выводам; выберите, чтобы видеть только их", check_marked: "Текст с отмеченными числами",
  check_cite: "Число {n}: {verdict}", check_rows: "Строки данных", check_others: "Другие прочтения", check_nothing: "Сверить не с чем.",
  verdict_refuted: "опровергнуто при напечатанной точности", verdict_differs: "расходится с реестром", verdict_agrees: "совпадает с реестром", verdict_not_comparable: "несопоставимо", verdict_consistent: "не противоречит", verdict_no_record: "нет данных", verdict_note: "замечание",
  slot_subject: "кто", slot_partner: "с кем", slot_flow: "поток", slot_commodity: "товар", slot_mode: "вид транспорта", slot_period: "период", slot_value: "значение", slot_value_max: "до", slot_unit: "единица", slot_qualifier: "как сказано", slot_whole: "из",
  slot_growth_pct: "рост", slot_growth_times: "в разы", slot_growth_abs: "изменение", slot_base_value: "база", slot_base_period: "период базы", slot_share_pct: "доля", slot_against: "по сравнению с", slot_modality: "что это", slot_perspective: "чья статистика", slot_edition: "издание",
  flow_turnover: "товарооборот", flow_export: "экспорт", flow_import: "импорт", "flow_re-export": "реэкспорт", flow_transit: "транзит", flow_freight: "перевозки", flow_production: "производство", flow_other: "прочее", flow_balance: "сальдо",
  qualifier_approx: "около", qualifier_almost: "почти", qualifier_slightly_over: "чуть более", qualifier_more_than: "более", qualifier_less_than: "менее", qualifier_range: "диапазон", modality_planned: "план", modality_forecast: "прогноз",
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
