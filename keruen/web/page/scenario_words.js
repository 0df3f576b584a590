/** What the scenario drawer says, in English and Russian. Places in braces are filled in. A test keeps both languages complete. */

/** @typedef {keyof typeof EN} Key */
/** @typedef {import("./answer").Lang} Lang */

export const EN = {
  title: "Title", title_hint: "for example: Suez closed", lead: "Close, build or change something, or start from a ready one. The answer then stands beside the one without it.",
  ready: "Ready-made", saved: "Saved", open_file: "Open a file…", open_other: "Open a scenario", opened_n: "{n} changes", delete_saved: "Delete {name} from the workspace",
  changes: "Changes", no_changes: "Nothing is changed yet.", on: "Applied", edit: "Edit", undo: "Undo", start_over: "Start over", done: "Done", cancel: "Cancel",
  add: "Add a change", add_close: "Close something", add_caspian: "Lower the Caspian", add_service: "New ferry", add_line: "New railway", add_place: "New terminal",
  reason: "Reason", reason_hint: "Why? It stands in every list and file.", put_in: "Add to the scenario", keep: "Keep the change",
  closed: "Closed", changed: "Changed", added: "Added", lowered: "Lower", kind_service: "service", kind_line: "railway", kind_place: "terminal", kind_other: "row of {table}",
  what_closes: "What closes", what_hint: "Suez, Belarus, Dostyk, a ferry…", in_mode: "For", all_modes: "everything", only_border: "Only its border with", only_border_hint: "all of the country",
  or_map: "Or click it on the map and choose Close this.", close_this: "Close this", close_named: "Close",
  kind_passages: "strait or canal", kind_countries: "country", kind_borders: "border crossing", kind_services: "service",
  level: "Below today's level", metres: "{value} m", follows: "What follows", follows_none: "No ship has to leave cargo ashore.", service_closed: "stops running",
  port_from: "From port", port_to: "To port", port_hint: "Name of a port", on_map: "On the map", pick_port: "Click the port. Escape cancels.", no_port: "No port was found there. Click nearer to one.",
  ferry_kind: "Carries", kind_roro: "trucks and boxes (ro-ro)", kind_rail_ferry: "wagons (rail ferry)", kind_feeder: "boxes (feeder)", name: "Name", week: "Sailings a week", hours: "Hours under way",
  knots: "Speed, knots", usd_teu: "USD per TEU", usd_trailer: "USD per trailer", distance: "{km} at sea", like: "Filled in from the {n} services most like it; all of it may be changed.",
  two_ports: "Choose two ports: the rest is filled in.",
  draw: "Draw on the map", redraw: "Draw it anew", draw_note: "Click along the line. Its ends are taken to the nearest railway.", joins_both: "Both ends meet a railway of this gauge.", joins_one: "One end meets a railway of this gauge, the other ends in the open.", joins_none: "No railway is near either end: no train could come. Draw it to a railway.", drawing: "Drawing on the map", drawn: "{km} drawn, {n} points",
  gauge: "Gauge, mm", km: "Length, km", tracks: "Tracks", too_short: "Draw a line of at least two points.",
  place_spot: "Click the place", place_again: "Move it", place_note: "A new terminal is joined to the lines nearby. For a port the network is laid anew, which takes half a minute.", at: "at {lat}, {lon}", country: "Country",
  modes: "Reached by", mode_rail: "rail", mode_sea: "sea", mode_ferry: "ferry", place_loads: "By road in any case. It handles every load that its modes carry, at the usual charges of its kind.", no_place: "Click the place on the map first.",
  change_of: "{column} of {row}", becomes: "becomes", times: "times what it was", save: "Save", saved_as: "Saved as {name}.", download: "Download", command: "On the command line", copy: "Copy the command", as_text: "As text (TOML)", apply: "Apply",
  problems: "This cannot be applied", problem_file: "{file} cannot be opened; what was there before is untouched.", at_line: "line {n}", discard: "Discard", kept_before: "What was there before is untouched.", not_text: "The file is not text.",
  default_close: "What if {name} is closed?", default_caspian: "What if the Caspian falls by {m} m?", default_service: "What if {name} runs?", default_line: "What if {name} is built?", default_place: "What if {name} opens?",
  closed_title: "{name} closed", caspian_title: "Caspian {m} m lower", service_title: "{name} runs", line_title: "{name} built", place_title: "{name} opened",
  line_name: "New railway", place_name: "New terminal", base: "without", with: "with", difference: "difference", was_drawn: "Grey: the ways without the scenario.", reasons: "What is changed and why",
  told: "Corridors: {gone} vanish, {new} appear, {other} change.", told_none: "No corridor changes.", told_refused: "With the scenario there is no way.", see: "See the differences", ask_first: "Choose where from and where to; the answer then comes with the scenario and without.", rest: "Unchanged: {names}.", same: "The scenario changes none of these corridors.", headway_h: "hours between sailings", running_h: "hours under way", usd_feu: "USD per FEU", usd_t: "USD per t", fill_teu: "TEU that fill a ship", max_draft_m: "draught, m", capacity: "capacity", unknown: "not known",
};

/** @type {typeof EN} */
export const RU = {
  title: "Название", title_hint: "например: Суэц закрыт", lead: "Закройте, постройте или измените что-нибудь, или возьмите готовый. Ответ встанет рядом с ответом без сценария.",
  ready: "Готовые", saved: "Сохранённые", open_file: "Открыть файл…", open_other: "Открыть сценарий", opened_n: "изменений: {n}", delete_saved: "Удалить {name} из рабочей папки",
  changes: "Изменения", no_changes: "Пока ничего не изменено.", on: "Применяется", edit: "Изменить", undo: "Отменить шаг", start_over: "Начать заново", done: "Готово", cancel: "Отмена",
  add: "Добавить изменение", add_close: "Закрыть", add_caspian: "Понизить Каспий", add_service: "Новый паром", add_line: "Новая ж. д.", add_place: "Новый терминал",
  reason: "Причина", reason_hint: "Почему? Стоит во всех списках и файлах.", put_in: "Добавить в сценарий", keep: "Оставить так",
  closed: "Закрыто", changed: "Изменено", added: "Добавлено", lowered: "Ниже", kind_service: "линия", kind_line: "железная дорога", kind_place: "терминал", kind_other: "строка таблицы {table}",
  what_closes: "Что закрывается", what_hint: "Суэц, Беларусь, Достык, паром…", in_mode: "Для", all_modes: "всего", only_border: "Только граница с", only_border_hint: "вся страна",
  or_map: "Или щёлкните на карте и выберите «Закрыть».", close_this: "Закрыть", close_named: "Закрыть",
  kind_passages: "пролив или канал", kind_countries: "страна", kind_borders: "погранпереход", kind_services: "линия",
  level: "Ниже нынешнего уровня", metres: "{value} м", follows: "Что из этого следует", follows_none: "Ни одному судну не придётся оставлять груз на берегу.", service_closed: "прекращается",
  port_from: "Из порта", port_to: "В порт", port_hint: "Название порта", on_map: "На карте", pick_port: "Щёлкните порт. Escape отменяет.", no_port: "Порта там не нашлось. Щёлкните ближе к нему.",
  ferry_kind: "Перевозит", kind_roro: "грузовики и контейнеры (ро-ро)", kind_rail_ferry: "вагоны (ж.-д. паром)", kind_feeder: "контейнеры (фидер)", name: "Имя", week: "Рейсов в неделю", hours: "Часов в пути",
  knots: "Скорость, узлы", usd_teu: "Долл. за TEU", usd_trailer: "Долл. за трейлер", distance: "{km} морем", like: "Заполнено по самым похожим линиям ({n}); всё можно изменить.",
  two_ports: "Выберите два порта, остальное заполнится.",
  draw: "Нарисовать на карте", redraw: "Нарисовать заново", draw_note: "Щёлкайте вдоль линии. Её концы подводятся к ближайшей железной дороге.", joins_both: "Оба конца выходят к железной дороге этой колеи.", joins_one: "Один конец выходит к железной дороге этой колеи, другой кончается в поле.", joins_none: "Рядом с концами нет железной дороги: поезд туда не придёт. Доведите линию до дороги.", drawing: "Рисование на карте", drawn: "нарисовано {km}, точек: {n}",
  gauge: "Колея, мм", km: "Длина, км", tracks: "Путей", too_short: "Нарисуйте линию хотя бы из двух точек.",
  place_spot: "Щёлкнуть место", place_again: "Передвинуть", place_note: "Новый терминал соединяется с линиями рядом. Ради порта сеть прокладывается заново, это полминуты.", at: "на {lat}, {lon}", country: "Страна",
  modes: "Куда подходит", mode_rail: "железная дорога", mode_sea: "море", mode_ferry: "паром", place_loads: "Автодорога - в любом случае. Обрабатывает всё, что возят его виды транспорта, за обычную для них плату.", no_place: "Сначала щёлкните место на карте.",
  change_of: "{column} строки {row}", becomes: "становится", times: "во столько раз", save: "Сохранить", saved_as: "Сохранено как {name}.", download: "Скачать", command: "В командной строке", copy: "Скопировать команду", as_text: "Текстом (TOML)", apply: "Применить",
  problems: "Это нельзя применить", problem_file: "{file} нельзя открыть; прежнее осталось как было.", at_line: "строка {n}", discard: "Отбросить", kept_before: "Прежнее осталось как было.", not_text: "Этот файл не текст.",
  default_close: "Что, если закрыто: {name}?", default_caspian: "Что, если Каспий опустится на {m} м?", default_service: "Что, если пойдёт {name}?", default_line: "Что, если построят: {name}?", default_place: "Что, если откроется {name}?",
  closed_title: "Закрыто: {name}", caspian_title: "Каспий на {m} м ниже", service_title: "Новая линия: {name}", line_title: "Построено: {name}", place_title: "Открыто: {name}",
  line_name: "Новая железная дорога", place_name: "Новый терминал", base: "без", with: "с ним", difference: "разница", was_drawn: "Серым - пути без сценария.", reasons: "Что изменено и почему",
  told: "Коридоры: исчезает {gone}, появляется {new}, меняется {other}.", told_none: "Ни один коридор не меняется.", told_refused: "Со сценарием пути нет.", see: "К разнице", ask_first: "Выберите, откуда и куда: ответ придёт со сценарием и без него.", rest: "Без изменений: {names}.", same: "Ни один из этих коридоров сценарий не меняет.", headway_h: "часов между рейсами", running_h: "часов в пути", usd_feu: "долл. за FEU", usd_t: "долл. за т", fill_teu: "TEU на полное судно", max_draft_m: "осадка, м", capacity: "провозная способность", unknown: "неизвестно",
};

const BOTH = { en: EN, ru: RU };

/** Words in a language with the places in braces filled. @param {Lang} lang @param {Key} key @param {Record<string, string | number>} [values] */
export function word(lang, key, values = {}) {
  return BOTH[lang][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Whether there are words for a key. @param {string} key @returns {key is Key} */
export function known(key) {
  return Object.hasOwn(EN, key);
}
