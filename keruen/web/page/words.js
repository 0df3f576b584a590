/** What the page says, in English and Russian. Places in braces are filled in. A test keeps both languages complete. */

/** @typedef {keyof typeof EN} Key */
/** @typedef {import("./answer").Lang} Lang */

export const EN = {
  // shell
  skip: "Skip to content", views: "Views", view_route: "Route", view_check: "Check", view_trade: "Trade", view_flows: "Flows", view_materials: "Materials", view_accuracy: "Accuracy", view_evidence: "Evidence",
  search_evidence: "Search the evidence", theme: "Colours", theme_auto: "Auto", theme_light: "Light", theme_dark: "Dark", language: "Language",
  close: "Close", remove: "Remove", cancel: "Cancel", again: "Try again", copied: "Copied", loading: "Loading…", unknown: "not known", all: "all",
  source: "source", sources: "Sources", usual: "usual",
  // units
  unit_days: "{value} d", unit_hours: "{value} h", unit_usd: "USD {value}", unit_t_co2e: "{value} t", unit_kg: "{value} kg", unit_km: "{value} km", unit_t: "{value} t",
  unit_percent: "{value} %", unchanged: "unchanged",
  // modes
  mode_rail: "rail", mode_road: "road", mode_sea: "sea", mode_ferry: "ferry", mode_air: "air", mode_inland_waterway: "inland waterway", mode_terminal: "terminal",
  mode_border: "border", mode_gauge_change: "gauge change",
  // question
  question: "Question", origin: "From", destination: "To", place_hint: "City, port or code", swap: "Swap origin and destination", suggestions: "{n} suggestions",
  load: "Load", commodity: "Goods", load_unit: "Load unit", unit_usual: "usual for the goods", tonnes_label: "Weight, t", value_label: "Value, USD", vessel: "Ship",
  vessel_usual: "usual for the load", draft_label: "Draught, m", beam_label: "Beam, m", load_usual: "Back to the usual load", conditions: "Conditions", usual_conditions: "usual conditions",
  depart: "Departure", objective: "Show", objective_all: "All ways worth knowing", objective_fastest: "Only the fastest", objective_cheapest: "Only the cheapest",
  objective_cleanest: "Only the cleanest", objective_surest: "Only the surest", only_unbeaten: "Hide corridors that another way beats", sanctions: "Sanctions and caution",
  avoid_or_require: "Avoid or require", avoid: "Avoid", require: "Require", feature_label: "What to avoid or require", feature_hint: "Country, strait, mode…",
  kind_corridors: "corridor", kind_passages: "strait or canal", kind_countries: "country", kind_modes: "mode",
  scenario: "Scenario", scenario_open: "What if…?",
  // map
  map: "Map", map_hint: "Click the map: first where it starts, then where it goes.", map_broken: "The map cannot be drawn in this browser. Everything else works.", layers: "Layers of the map",
  from_here: "From here", to_here: "To here",
  // answer
  welcome: "Where from, and where to? Name two places or click them on the map; the ways worth knowing appear side by side.", try_0: "Hai Phong – Duisburg", try_1: "Xi'an – Duisburg", try_2: "Almaty – Poti",
  welcome_note: "Each number opens the rows and sources it rests on.", answer_said: "{n} corridors. Best: {name}, {days}, {usd}.", cancelled: "Cancelled.",
  stage_waiting: "Asking", stage_network: "Opening the network", stage_search: "Searching for ways", stage_certify: "Making sure nothing beats them", stage_corridors: "Looking at other corridors",
  stage_reliability: "Drawing journeys", stage_flow_routes: "Searching the routes of all pairs", stage_flow_load: "Spreading the goods over them", stage_flow_around: "Looking for ways round what is full", stage_flow_bottlenecks: "Working out what relief is worth", stage_queue: "Waiting its turn", stage_scenario: "Applying the scenario", stage_match: "Looking for each corridor on both sides", corridors: "Corridors", corridor: "Corridor", cost: "Cost", co2e: "CO₂e, well to wheel", co2e_short: "CO₂e",
  p50_short: "P50", p90_short: "P90", p50_label: "Days not exceeded by half of the journeys", p90_label: "Days not exceeded by nine journeys in ten", mark_best: "best at these prices", mark_fastest: "fastest",
  mark_surest: "surest", mark_cheapest: "cheapest", mark_cleanest: "cleanest", beaten: "beaten", beaten_by: "beaten by {name}", beaten_note: "Another way is at least as good in time, cost and CO₂e at once, and better in one.",
  on_time: "{share} within {days} days", assumed_sign: "≈ rests in part on an assumption of ours.", assumed_note: "Rests in part on an assumption of ours; the rows below are marked.", assumed_word: "about",
  truncated: "The search stopped at its limit: there may be more ways.", uncertified: "For some routes it is not certain that nothing beats them.",
  ranking: "Prices that rank the corridors", value_of_time: "Value of time", vot_value: "USD {value} per t and day", carbon_price: "Carbon price", carbon_value: "USD {value} per t CO₂e", prices_usual: "Back to the usual prices",
  conditions_felt: "Other than usual: {n}", condition_closed: "closed", differences: "With the scenario", way_gone: "no longer a way", way_new: "a new way",
  // sheets
  sheets: "A closer look", sheet_compare: "Compare", sheet_distance: "Distance", sheet_legs: "Legs", sheet_surety: "Surety", sheet_files: "Take away", fold_sheet: "Fold or unfold",
  pareto_title: "Time against cost; the area of a bubble is its CO₂e", pareto_note: "Down and to the left is better. The area of a bubble is its CO₂e; dashed: not known. Faded: beaten by another way.",
  axis_days_p50: "P50, days", axis_usd: "Cost, USD", axis_km: "Distance, km", axis_time_h: "Time, days", axis_cost_usd: "Cost, USD", axis_co2e_kg: "CO₂e, t", against: "What piles up", against_time_h: "Time",
  against_cost_usd: "Cost", against_co2e_kg: "CO₂e", whose: "Whose", whose_all: "All", whose_one: "Chosen", distance_title: "What piles up along the way",
  distance_note: "A slanting line moves; an upright one stands still, hollow at a border.", distance_unknown: "Not known for routes: {n}.", so_far: "So far:",
  head_leg: "Leg", head_km: "km", head_running_h: "moving, h", head_waiting_h: "waiting, h", head_handling_h: "handling, h", head_border_h: "border, h", head_time_h: "hours", head_cost_usd: "USD",
  head_co2e_kg: "CO₂e, kg", head_generalized: "generalized cost", generalized_short: "generalized:", total: "Total",
  surety_all: "From P10 to P95, days", surety_bands: "Thick: 80 of 100 journeys (P10 to P90). Thin: to P95. Mark: the median.",
  surety_words: "Half of the journeys take at most {p50}, nine in ten {p90}. To be in time in 95 of 100, set {buffer} aside beyond the half; at this value of time that is {usd}.",
  within_label: "How sure to arrive within", days_word: "days", spread_from: "What causes the spread", spread_assumed: "Of the variance, {share} rests on assumed spreads.",
  files_answer: "The answer", file_csv: "legs as a table", file_xlsx: "workbook", file_geojson: "legs for maps", both_sides: "with and without the scenario", file_gpkg: "routes, legs, stops", file_json: "everything", file_png: "printed map", file_svg: "printed map",
  file_view: "the map as seen", files_diagram: "Time-cost-distance", file_diagram: "diagram", file_table: "table", share: "Share", copy_address: "Copy the address", as_command: "As a command", copy_command: "Copy the command",
  command_scenario: "Download the scenario first: What if…?",
  // sources
  where_from: "Where this number comes from", made_of: "Made of", spread_rows: "Rows of spreads, by share of the variance", nothing_adds: "Nothing adds to this figure.", percentile_note: "From 20,000 draws of every leg around its usual hours, which add up to {time}.",
  open_table: "in its table", no_source: "No source is named.", rows_behind: "Rows it was worked out from: {n}",
  part_running: "Moving", part_waiting: "Waiting", part_handling: "Handling", part_border: "Border", part_tariff: "Tariff", part_toll: "Toll", part_fee: "Fee", part_emission: "Emission factor", part_spread: "Spread",
  basis_observed: "observed", basis_reported: "reported", basis_derived: "derived", basis_published: "published", basis_assumed: "assumed", basis_fitted: "fitted",
  tier_official_or_primary: "official or primary", tier_press_or_trade: "press or trade press", tier_weak_secondary: "weak, second hand", tier_unlocated: "no address known", tier_computed: "computed here", tier_assumption: "our assumption", tier_package: "data package",
  // accuracy
  accuracy_title: "How near to what was observed?", accuracy_lead: "Every journey and price that someone reported stands beside what the model predicts for it. No parameter was fitted to the rows that count.",
  stage_predict: "Predicting every observed journey; the first time this takes about half a minute…", accuracy_time: "Journeys", accuracy_cost: "Prices", accuracy_nothing: "No row counts, so nothing can be said.",
  accuracy_words_time: "For {n} journeys between two named places the prediction is off by {error} in the median; the bias is {bias}; {inside} of the observed times lie between P10 and P90.",
  accuracy_words_cost: "For {n} prices of whole hauls since 2023 the prediction is off by {error} in the median; the bias is {bias}.", accuracy_alone: "Of these, {n} were observed one by one: off by {error}, bias {bias}.",
  score_median_abs_error_pct: "median error", score_bias_pct: "bias", score_inside_p10_p90_pct: "inside P10–P90", aim: "aim: {low} to {high} %", met: "met", missed: "missed", filters: "Filters", measure: "What is compared",
  filter_half: "Rows", filter_corridor: "Corridor", filter_mode: "Modes", filter_year: "Year", filter_ends: "Ends", half_counts: "those that count", half_fit: "used for fitting", half_report: "kept for reporting", half_all: "both halves",
  ends_A: "two places", ends_B: "a place and a region", ends_C: "two regions", accuracy_rows: "Rows shown", accuracy_not_used: "Rows that do not count, and why", row: "Row", from_to: "From – to", observed: "Observed", error: "Error", reason: "Reason",
  rows_n: "rows: {n}", show_all: "Show all {n}", obs_days: "days", obs_hours: "hours", scatter_title: "Observed against predicted", scatter_empty: "No row passes these filters.", scatter_note: "On the diagonal, prediction and observation are equal. Whiskers reach from P10 to P90.",
  scatter_point: "observed {observed}, predicted {predicted} {unit}, error {error}", axis_observed_time: "observed, days", axis_predicted_time: "predicted P50 (P10–P90), days", axis_observed_cost: "observed, USD per unit", axis_predicted_cost: "predicted, USD per unit",
  accuracy_try: "Test it on your own journeys", accuracy_try_note: "A CSV file as small as this will do. It is read by the program on this machine and not kept.", accuracy_pick: "Choose a CSV file", accuracy_own: "Your file: {name}", accuracy_shipped: "Back to the shipped evidence", accuracy_files: "The comparison as a file", differences_files: "The differences as a file", chart_files: "The picture as a file",
  // evidence
  evidence_title: "Evidence", evidence_lead: "Every number of an answer is worked out from these tables, and every row names its source.", evidence_table: "Table {name}", all_tables: "All tables", found_n: "{n} rows contain “{q}”.", found_none: "Nothing found.",
  found_first: "The first {n} are shown; more words narrow the search.", filter: "Rows that contain", earlier: "Earlier", later: "Later", shown_of: "{from}–{to} of {n}", columns: "What the columns mean",
  // errors
  error_offline: "The server does not answer. Is keruen serve still running?", error_unknown_place: "There is no such place.", error_ambiguous_place: "Several places go by this name.", error_same_place: "Both ends are the same place.",
  error_no_route: "No way leads there under these conditions.", error_bad_shipment: "This load cannot be sent.", error_bad_date: "This is no day of the calendar.", error_unknown_option: "Something asked for is not known.", error_unknown_commodity: "These goods are not known.",
  error_not_found: "This is not here.", error_token: "This workspace asks for its token. Open the address that keruen serve printed.", error_too_many: "Too many questions at once; wait a moment.", error_busy: "The server is busy; try again in a moment.",
  error_timeout: "This took too long and was stopped.", error_too_large: "This is too large.", error_bad_table: "The file cannot be read.", error_bad_scenario: "The scenario cannot be applied.", error_unknown_figure: "There is nothing on record for this.", error_bad_document: "No text can be taken from this.", error_other: "This could not be answered.",
};

/** @type {Record<Key, string>} */
export const RU = {
  skip: "К содержанию", views: "Разделы", view_route: "Маршрут", view_check: "Проверка", view_trade: "Торговля", view_flows: "Потоки", view_materials: "Сырьё", view_accuracy: "Точность", view_evidence: "Данные",
  search_evidence: "Поиск по данным", theme: "Цвета", theme_auto: "Авто", theme_light: "Светлая", theme_dark: "Тёмная", language: "Язык",
  close: "Закрыть", remove: "Убрать", cancel: "Отменить", again: "Повторить", copied: "Скопировано", loading: "Загрузка…", unknown: "неизвестно", all: "все",
  source: "источник", sources: "Источники", usual: "обычно",
  unit_days: "{value} дн.", unit_hours: "{value} ч", unit_usd: "{value} $", unit_t_co2e: "{value} т", unit_kg: "{value} кг", unit_km: "{value} км", unit_t: "{value} т",
  unit_percent: "{value} %", unchanged: "без изменений",
  mode_rail: "ж/д", mode_road: "авто", mode_sea: "море", mode_ferry: "паром", mode_air: "авиа", mode_inland_waterway: "река", mode_terminal: "терминал",
  mode_border: "граница", mode_gauge_change: "смена колеи",
  question: "Вопрос", origin: "Откуда", destination: "Куда", place_hint: "Город, порт, код", swap: "Поменять местами", suggestions: "Подсказок: {n}",
  load: "Груз", commodity: "Товар", load_unit: "Грузовая единица", unit_usual: "обычная для товара", tonnes_label: "Вес, т", value_label: "Стоимость, $", vessel: "Судно",
  vessel_usual: "обычное для груза", draft_label: "Осадка, м", beam_label: "Ширина, м", load_usual: "Вернуть обычный груз", conditions: "Условия", usual_conditions: "обычные условия",
  depart: "Отправление", objective: "Показать", objective_all: "Все стоящие пути", objective_fastest: "Только самый быстрый", objective_cheapest: "Только самый дешёвый",
  objective_cleanest: "Только самый чистый", objective_surest: "Только самый надёжный", only_unbeaten: "Скрыть коридоры, уступающие другим", sanctions: "Санкции и осторожность",
  avoid_or_require: "Избегать или требовать", avoid: "Избегать", require: "Требовать", feature_label: "Чего избегать или что требовать", feature_hint: "Страна, пролив…",
  kind_corridors: "коридор", kind_passages: "пролив или канал", kind_countries: "страна", kind_modes: "вид транспорта",
  scenario: "Сценарий", scenario_open: "Что, если…?",
  map: "Карта", map_hint: "Щёлкните по карте: сначала откуда, потом куда.", map_broken: "Этот браузер не может показать карту. Остальное работает.", layers: "Слои карты",
  from_here: "Отсюда", to_here: "Сюда",
  welcome: "Откуда и куда? Назовите два места или укажите их на карте - стоящие пути встанут рядом.", try_0: "Хайфон – Дуйсбург", try_1: "Сиань – Дуйсбург", try_2: "Алматы – Поти",
  welcome_note: "Каждое число раскрывается до строк и источников, на которых стоит.", answer_said: "Коридоров: {n}. Лучший: {name}, {days}, {usd}.", cancelled: "Отменено.",
  stage_waiting: "Запрос", stage_network: "Открывается сеть", stage_search: "Поиск путей", stage_certify: "Проверка, что их ничто не превосходит", stage_corridors: "Другие коридоры",
  stage_reliability: "Розыгрыш рейсов", stage_flow_routes: "Ищутся пути всех пар", stage_flow_load: "Грузы распределяются по ним", stage_flow_around: "Ищутся обходы заполненного", stage_flow_bottlenecks: "Считается, чего стоит облегчение", stage_queue: "В очереди", stage_scenario: "Применяется сценарий", stage_match: "Каждый коридор ищется с обеих сторон", corridors: "Коридоры", corridor: "Коридор", cost: "Цена", co2e: "CO₂e, от скважины до колеса", co2e_short: "CO₂e",
  p50_short: "P50", p90_short: "P90", p50_label: "Дней, которых не превышает половина рейсов", p90_label: "Дней, которых не превышают девять рейсов из десяти", mark_best: "лучший при этих ценах", mark_fastest: "быстрее всех",
  mark_surest: "надёжнее всех", mark_cheapest: "дешевле всех", mark_cleanest: "чище всех", beaten: "уступает", beaten_by: "уступает: {name}", beaten_note: "Есть путь не хуже сразу по времени, цене и CO₂e и лучше хотя бы в одном.",
  on_time: "{share} за {days} дн.", assumed_sign: "≈ опирается отчасти на наше допущение.", assumed_note: "Опирается отчасти на наше допущение; строки ниже помечены.", assumed_word: "около",
  truncated: "Поиск остановлен на пределе: возможны и другие пути.", uncertified: "Для некоторых маршрутов не доказано, что их ничто не превосходит.",
  ranking: "Цены, по которым упорядочены коридоры", value_of_time: "Цена времени", vot_value: "{value} $ за т в сутки", carbon_price: "Цена углерода", carbon_value: "{value} $ за т CO₂e", prices_usual: "Вернуть обычные цены",
  conditions_felt: "Отличий от обычного: {n}", condition_closed: "закрыто", differences: "Со сценарием", way_gone: "пути больше нет", way_new: "новый путь",
  sheets: "Подробнее", sheet_compare: "Сравнение", sheet_distance: "Расстояние", sheet_legs: "Участки", sheet_surety: "Надёжность", sheet_files: "Забрать", fold_sheet: "Свернуть или развернуть",
  pareto_title: "Время и цена; площадь круга - CO₂e", pareto_note: "Лучше то, что ниже и левее. Площадь круга - CO₂e; пунктир: неизвестно. Бледные уступают другому пути.",
  axis_days_p50: "P50, дней", axis_usd: "Цена, $", axis_km: "Расстояние, км", axis_time_h: "Время, дней", axis_cost_usd: "Цена, $", axis_co2e_kg: "CO₂e, т", against: "Что копится", against_time_h: "Время",
  against_cost_usd: "Цена", against_co2e_kg: "CO₂e", whose: "Чьё", whose_all: "Все", whose_one: "Выбранный", distance_title: "Что копится в пути",
  distance_note: "Наклонная линия - груз едет, вертикальная - стоит, полая - на границе.", distance_unknown: "Неизвестно для маршрутов: {n}.", so_far: "Всего:",
  head_leg: "Участок", head_km: "км", head_running_h: "в пути, ч", head_waiting_h: "ожидание, ч", head_handling_h: "обработка, ч", head_border_h: "граница, ч", head_time_h: "часов", head_cost_usd: "$",
  head_co2e_kg: "CO₂e, кг", head_generalized: "обобщённая цена", generalized_short: "обобщённая:", total: "Всего",
  surety_all: "От P10 до P95, дней", surety_bands: "Толстая: 80 рейсов из 100 (P10 - P90). Тонкая: до P95. Черта: медиана.",
  surety_words: "За {p50} доходит половина рейсов, за {p90} - девять из десяти. Чтобы успеть в 95 случаях из 100, нужно ещё {buffer} запаса сверх половины; при этой цене времени это {usd}.",
  within_label: "Насколько вероятно успеть за", days_word: "дней", spread_from: "Откуда разброс", spread_assumed: "{share} дисперсии опирается на допущенный разброс.",
  files_answer: "Ответ", file_csv: "участки таблицей", file_xlsx: "книга Excel", file_geojson: "участки для карт", both_sides: "со сценарием и без него", file_gpkg: "маршруты, участки", file_json: "всё целиком", file_png: "карта для печати", file_svg: "карта для печати",
  file_view: "карта как на экране", files_diagram: "Время - цена - расстояние", file_diagram: "диаграмма", file_table: "таблица", share: "Поделиться", copy_address: "Скопировать адрес", as_command: "Командой", copy_command: "Скопировать команду",
  command_scenario: "Сначала скачайте сценарий: Что, если…?",
  where_from: "Откуда это число", made_of: "Из чего состоит", spread_rows: "Строки разброса по доле дисперсии", nothing_adds: "К этому числу ничего не прибавляется.", percentile_note: "По 20 000 розыгрышей каждого участка вокруг обычных часов, которые в сумме дают {time}.",
  open_table: "в таблице", no_source: "Источник не назван.", rows_behind: "Строк, из которых выведено: {n}",
  part_running: "В пути", part_waiting: "Ожидание", part_handling: "Обработка", part_border: "Граница", part_tariff: "Тариф", part_toll: "Проход", part_fee: "Сбор", part_emission: "Коэффициент выбросов", part_spread: "Разброс",
  basis_observed: "наблюдалось", basis_reported: "сообщено", basis_derived: "выведено", basis_published: "опубликовано", basis_assumed: "допущено", basis_fitted: "подобрано",
  tier_official_or_primary: "официальный или первичный", tier_press_or_trade: "пресса", tier_weak_secondary: "слабый, из вторых рук", tier_unlocated: "адрес неизвестен", tier_computed: "вычислено здесь", tier_assumption: "наше допущение", tier_package: "пакет данных",
  accuracy_title: "Насколько близко к наблюдаемому?", accuracy_lead: "Каждая перевозка и цена, о которой сообщили, стоит рядом с предсказанием модели. К учтённым строкам параметры не подгонялись.",
  stage_predict: "Предсказываются все наблюдавшиеся перевозки; в первый раз это занимает около полуминуты…", accuracy_time: "Перевозки", accuracy_cost: "Цены", accuracy_nothing: "Ни одна строка не учтена, сказать нечего.",
  accuracy_words_time: "Для перевозок между двумя названными местами (строк: {n}) медиана ошибки {error}, смещение {bias}; {inside} наблюдаемых сроков лежит между P10 и P90.",
  accuracy_words_cost: "Для цен целых перевозок с 2023 года (строк: {n}) медиана ошибки {error}, смещение {bias}.", accuracy_alone: "Из них рейсов, наблюдавшихся по одному: {n}; ошибка {error}, смещение {bias}.",
  score_median_abs_error_pct: "медиана ошибки", score_bias_pct: "смещение", score_inside_p10_p90_pct: "внутри P10–P90", aim: "цель: от {low} до {high} %", met: "достигнута", missed: "не достигнута", filters: "Отбор", measure: "Что сравнивается",
  filter_half: "Строки", filter_corridor: "Коридор", filter_mode: "Виды транспорта", filter_year: "Год", filter_ends: "Концы", half_counts: "учтённые", half_fit: "для подбора", half_report: "для отчёта", half_all: "обе половины",
  ends_A: "два места", ends_B: "место и регион", ends_C: "два региона", accuracy_rows: "Показанные строки", accuracy_not_used: "Неучтённые строки и причины", row: "Строка", from_to: "Откуда – куда", observed: "Наблюдалось", error: "Ошибка", reason: "Причина",
  rows_n: "строк: {n}", show_all: "Показать все: {n}", obs_days: "сут.", obs_hours: "ч", scatter_title: "Наблюдалось и предсказано", scatter_empty: "Под этот отбор не подходит ни одна строка.", scatter_note: "На диагонали предсказание равно наблюдению. Усы - от P10 до P90.",
  scatter_point: "наблюдалось {observed}, предсказано {predicted} {unit}, ошибка {error}", axis_observed_time: "наблюдалось, сут.", axis_predicted_time: "предсказано P50 (P10–P90), сут.", axis_observed_cost: "наблюдалось, $ за единицу", axis_predicted_cost: "предсказано, $ за единицу",
  accuracy_try: "Проверьте на своих перевозках", accuracy_try_note: "Хватит и такого файла CSV. Его читает программа на этой машине, он не сохраняется.", accuracy_pick: "Выбрать файл CSV", accuracy_own: "Ваш файл: {name}", accuracy_shipped: "Вернуться к собственным данным", accuracy_files: "Сравнение файлом", differences_files: "Разница файлом", chart_files: "Рисунок файлом",
  evidence_title: "Данные", evidence_lead: "Каждое число ответа выведено из этих таблиц, и каждая строка называет свой источник.", evidence_table: "Таблица {name}", all_tables: "Все таблицы", found_n: "Строк, содержащих «{q}»: {n}.", found_none: "Ничего не найдено.",
  found_first: "Показаны первые {n}; больше слов сузят поиск.", filter: "Строки, содержащие", earlier: "Раньше", later: "Дальше", shown_of: "{from}–{to} из {n}", columns: "Что значат столбцы",
  error_offline: "Сервер не отвечает. Работает ли keruen serve?", error_unknown_place: "Такого места нет.", error_ambiguous_place: "Так называются несколько мест.", error_same_place: "Оба конца - одно место.",
  error_no_route: "При этих условиях туда нет пути.", error_bad_shipment: "Такой груз отправить нельзя.", error_bad_date: "Такого дня нет в календаре.", error_unknown_option: "Спрошено неизвестное.", error_unknown_commodity: "Такого товара нет.",
  error_not_found: "Этого здесь нет.", error_token: "Это рабочее место просит ключ. Откройте адрес, который напечатал keruen serve.", error_too_many: "Слишком много вопросов сразу; подождите немного.", error_busy: "Сервер занят; повторите через минуту.",
  error_timeout: "Это заняло слишком много времени и остановлено.", error_too_large: "Это слишком велико.", error_bad_table: "Файл не читается.", error_bad_scenario: "Сценарий нельзя применить.", error_unknown_figure: "Об этом данных нет.", error_bad_document: "Из этого нельзя взять текст.", error_other: "На это ответить не удалось.",
};

const BOTH = { en: EN, ru: RU };

/**
 * Words in a language with the places in braces filled.
 * @param {Lang} lang @param {Key} key @param {Record<string, string | number>} [values]
 */
export function say(lang, key, values = {}) {
  return BOTH[lang][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Whether there are words for a key that came from the server. @param {string} key @returns {key is Key} */
export function has(key) {
  return Object.hasOwn(EN, key);
}
