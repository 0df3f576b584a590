/** What the map itself says, in English and Russian. */

/** @typedef {"en" | "ru"} Lang */

const EN = {
  map: "World map of the freight network. Arrow keys move it, plus and minus zoom, Enter chooses the middle.",
  zoom_in: "Zoom in",
  zoom_out: "Zoom out",
  sources: "Show sources",
  credit: "Natural Earth · © OpenStreetMap contributors · searoute · GeoNames",
  line_hint: "Click along the line. Double click or Enter ends it, Escape cancels. Space sets a point in the middle.",
  point_hint: "Click the place. Escape cancels. Space sets the point in the middle.",
};

/** @type {typeof EN} */
const RU = {
  map: "Карта мира с сетью перевозок. Стрелки двигают её, плюс и минус меняют масштаб, Enter выбирает середину.",
  zoom_in: "Крупнее",
  zoom_out: "Мельче",
  sources: "Показать источники",
  credit: "Natural Earth · © участники OpenStreetMap · searoute · GeoNames",
  line_hint: "Щёлкайте вдоль линии. Двойной щелчок или Enter завершает, Escape отменяет. Пробел ставит точку в середине.",
  point_hint: "Щёлкните место. Escape отменяет. Пробел ставит точку в середине.",
};

/** @param {Lang} lang @param {keyof typeof EN} key */
export function mapWord(lang, key) {
  return (lang === "ru" ? RU : EN)[key];
}
