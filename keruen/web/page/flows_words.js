/** What the page on flows says, in English and Russian. Places in braces are filled in. A test keeps both languages complete. */
import { usePage } from "./page.js";

/** @typedef {keyof typeof EN} Key */
/** @typedef {import("./answer").Lang} Lang */

export const EN = {
  title: "Flows", lead: "What the corridors carry in a year, where they stick, and what a scenario changes. Goods choose among distinct routes by cost, time and how sure it is; what is full carries no more.",
  question: "Which flows", scenario: "Beside the base", no_scenario: "no scenario", scenario_own: "the scenario of the route page", year: "Year of the demand", cover: "Demand", cover_of: "{share} of the tonnes", cover_note: "The largest pairs of zones of each kind of goods. All of them take longer.",
  capacities: "Ports, borders, ferries and lines can be full", demand: "Which demand", demand_all: "all recorded flows of Eurasia", demand_some: "chosen: {n}", demand_clear: "All of them", run: "Work it out", run_note: "The first time this takes a few minutes: routes between thousands of pairs of places are searched. Then they are kept.",
  changed: "The question has changed; what is shown is the former answer.",
  totals: "In the year {year}", total_demand_t: "asked for", total_shipped_t: "carried", total_unserved_t: "left behind: no room, or too dear", total_shipped_teu: "in containers", total_cost_usd: "cost of carriage", total_mean_h: "mean time, queues and all", total_co2e_t: "emissions, CO₂e",
  left_out: "Left out with the small pairs: {share} of the tonnes.", settled: "Settled: no facility carries more than {over} above what it can.", unsettled: "The flows have not settled: read them with care.",
  said: "Flows of {year}: {tonnes} carried. Largest corridor: {name}, {share}. Bottlenecks: {n}.", with_scenario: "With: {name}",
  map: "Map of flows", draw: "What is drawn", side_base: "Base", side_with: "With the scenario", side_change: "Difference", measure: "Width of the bands", measure_t: "tonnes", measure_teu: "TEU", key: "Key of the bands", more: "more", less: "less", largest: "the widest: {amount}", bottleneck_sign: "bottleneck",
  sheets: "A closer look", sheet_corridors: "Corridors", sheet_bottlenecks: "Bottlenecks", sheet_lines: "Where it moves", sheet_years: "By year", sheet_files: "Take away",
  corridor: "Corridor", none: "no named corridor", share: "share of tonnes", share_teu: "share of TEU", base: "base", with: "with", change: "change", points: "{value} points", tonnes: "million t", teu: "thousand TEU", corridors_caption: "What each corridor carries", compared_caption: "Shares of tonnes, base and scenario side by side", loads_caption: "Loads of facilities, base and scenario side by side",
  facility: "Bottleneck", load: "load a year", capacity: "capacity", use: "use", wait: "wait", price: "price of one more unit", worth: "what more is worth", bottlenecks_caption: "Where flows stick, what relief is worth most first", no_bottlenecks: "Nothing is full, and nowhere do goods wait an hour.", affected: "Who is affected: {name}", origins: "from", destinations: "to", classes: "goods", of_load: "{share} of the load", on_map: "Show on the map", sources_row: "where the capacity is from",
  unit_t: "t", unit_teu: "TEU", unit_trains: "trains", unit_trucks: "trucks", unit_wagons: "wagons",
  country: "Country", mode: "Mode", at_sea: "at sea", work: "billion t km", work_teu: "million TEU km", most: "most on one line", lines_caption: "Where it moves: by country and mode ({measure})",
  years_run: "Work out the years", years_lead: "Corridor shares in {years}. The demand of each year is assigned for itself, on the network as it is; lines join the years that were worked out.", years_caption: "Share of tonnes by corridor and year", years_title: "Share of tonnes, %", recorded: "On record", recorded_caption: "On record for these years", record_counts: "what is counted", record_low: "from", record_high: "to",
  file_gpkg: "goods over every line, facilities", file_gmns: "network with volumes, zipped", file_omx: "tonnes between zones", file_xlsx: "corridors, bottlenecks, facilities", file_json: "everything", files_title: "The answer as files", files_with: "Maps and matrices are of the flows with the scenario, tables of both.", map_picture: "the map as seen", share_title: "Share", command: "As a command",
  million_t: "{value} million t", thousand_teu: "{value} thousand TEU", million_usd: "USD {value} million", billion_usd: "USD {value} billion",
};

/** @type {Record<Key, string>} */
export const RU = {
  title: "Потоки", lead: "Что везут коридоры за год, где они упираются в предел и что меняет сценарий. Грузы выбирают из разных путей по цене, времени и надёжности; что заполнено, больше не везёт.",
  question: "Какие потоки", scenario: "Рядом с базой", no_scenario: "без сценария", scenario_own: "сценарий со страницы пути", year: "Год спроса", cover: "Спрос", cover_of: "{share} тонн", cover_note: "Крупнейшие пары зон по каждому виду грузов. Все пары считаются дольше.",
  capacities: "Порты, границы, паромы и линии могут заполниться", demand: "Какой спрос", demand_all: "все учтённые потоки Евразии", demand_some: "выбрано: {n}", demand_clear: "Все", run: "Рассчитать", run_note: "В первый раз это занимает несколько минут: ищутся пути между тысячами пар мест. Потом они хранятся.",
  changed: "Вопрос изменился; показан прежний ответ.",
  totals: "За {year} год", total_demand_t: "спрос", total_shipped_t: "перевезено", total_unserved_t: "осталось: нет места или слишком дорого", total_shipped_teu: "в контейнерах", total_cost_usd: "стоимость перевозок", total_mean_h: "среднее время с очередями", total_co2e_t: "выбросы CO₂e",
  left_out: "Не вошло с мелкими парами: {share} тонн.", settled: "Расчёт сошёлся: ни один объект не везёт сверх возможного более чем на {over}.", unsettled: "Расчёт не сошёлся: читайте с осторожностью.",
  said: "Потоки {year} года: перевезено {tonnes}. Крупнейший коридор: {name}, {share}. Узких мест: {n}.", with_scenario: "Со сценарием: {name}",
  map: "Карта потоков", draw: "Что нарисовано", side_base: "База", side_with: "Со сценарием", side_change: "Разница", measure: "Ширина полос", measure_t: "тонны", measure_teu: "TEU", key: "Что значат полосы", more: "больше", less: "меньше", largest: "самая широкая: {amount}", bottleneck_sign: "узкое место",
  sheets: "Подробнее", sheet_corridors: "Коридоры", sheet_bottlenecks: "Узкие места", sheet_lines: "Где везут", sheet_years: "По годам", sheet_files: "Забрать",
  corridor: "Коридор", none: "вне названных коридоров", share: "доля тонн", share_teu: "доля TEU", base: "база", with: "сценарий", change: "изменение", points: "{value} п. п.", tonnes: "млн т", teu: "тыс. TEU", corridors_caption: "Сколько везёт каждый коридор", compared_caption: "Доли тонн: база и сценарий рядом", loads_caption: "Загрузка объектов: база и сценарий рядом",
  facility: "Узкое место", load: "загрузка в год", capacity: "пропускная способность", use: "использование", wait: "ожидание", price: "цена ещё одной единицы", worth: "чего стоит больше", bottlenecks_caption: "Где потоки упираются в предел; сначала то, где облегчение ценнее", no_bottlenecks: "Ничто не заполнено, и нигде грузы не ждут и часа.", affected: "Кого касается: {name}", origins: "откуда", destinations: "куда", classes: "грузы", of_load: "{share} загрузки", on_map: "Показать на карте", sources_row: "откуда пропускная способность",
  unit_t: "т", unit_teu: "TEU", unit_trains: "поездов", unit_trucks: "грузовиков", unit_wagons: "вагонов",
  country: "Страна", mode: "Вид транспорта", at_sea: "в море", work: "млрд т·км", work_teu: "млн TEU·км", most: "больше всего на одной линии", lines_caption: "Где везут: по странам и видам транспорта ({measure})",
  years_run: "Рассчитать годы", years_lead: "Доли коридоров: {years}. Спрос каждого года распределён отдельно по нынешней сети; линии соединяют рассчитанные годы.", years_caption: "Доля тонн по коридорам и годам", years_title: "Доля тонн, %", recorded: "По данным", recorded_caption: "Что записано за эти годы", record_counts: "что посчитано", record_low: "от", record_high: "до",
  file_gpkg: "грузы по каждой линии, объекты", file_gmns: "сеть с объёмами, архив", file_omx: "тонны между зонами", file_xlsx: "коридоры, узкие места, объекты", file_json: "всё", files_title: "Ответ файлами", files_with: "Карты и матрицы - потоки со сценарием, таблицы - обе стороны.", map_picture: "карта как на экране", share_title: "Поделиться", command: "Командой",
  million_t: "{value} млн т", thousand_teu: "{value} тыс. TEU", million_usd: "{value} млн долл.", billion_usd: "{value} млрд долл.",
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
