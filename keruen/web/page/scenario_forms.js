/** The forms of the scenario drawer: closing, lowering the Caspian, a new service, a new railway, a new terminal, another value. */
import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { ask, failureOf } from "./api.js";
import { Combobox } from "./combobox.js";
import * as figures from "./figures.js";
import { nameOf, saidOf, usePage } from "./page.js";
import { countryName } from "./route_form.js";
import { KM_PER_NAUTICAL_MILE, WEEK_H, addedPorts, feature, freeKey, isPort, lineKm, modesOf, namedSo, placeRow, pointsOf, railRow, serviceRow, tidy } from "./scenario_edit.js";
import { NumberField, PutIn, ReasonField, SelectField, TextField, useReason, useWords } from "./scenario_parts.js";
import { word } from "./scenario_words.js";

/** @typedef {import("./scenario_parts.js").FormProps} FormProps */
/** @typedef {import("./scenario_edit.js").Point} Point */
/** @typedef {import("./answer").Place & {kinds?: string[]}} Place */
/** @typedef {{name: string, name_ru: string}} Named */

const CLOSING = /** @type {const} */ (["passages", "countries", "borders", "services"]);
const FERRIES = /** @type {const} */ (["roro", "rail_ferry", "feeder"]);
const GAUGES = ["1435", "1520", "1676", "1000", "1067"];
const LOWEST_M = 5;
const PORT_REACH_KM = 300; // of a click on the map of the world

/** Titles of a scenario in both languages. @param {import("./scenario_words.js").Key} key @param {Record<string, string>} en @param {Record<string, string>} ru */
export function titles(key, en, ru) {
  return { title: word("en", key, en), title_ru: word("ru", key, ru) };
}

/** @param {Named} thing */
const bothNames = (thing) => /** @type {const} */ ([{ name: thing.name }, { name: thing.name_ru || thing.name }]);

/** Something closes. @param {FormProps} props */
export function CloseForm({ entry, put, done }) {
  const { lang, options, t: say } = usePage();
  const t = useWords();
  const [what, setWhat] = useState(() => (entry?.what ?? "").replace(/@.*$/, ""));
  const [thing, setThing] = useState(/** @type {Named} */ ({ name: entry?.label ?? "", name_ru: entry?.label_ru ?? "" }));
  const [mode, setMode] = useState(() => (entry?.what ?? "").split("@")[1] ?? "");
  const [other, setOther] = useState(/** @type {(Named & {feature: string}) | null} */ (null));
  const { own, setOwn, reasons } = useReason(entry, "default_close");
  const all = CLOSING.flatMap((kind) => (/** @type {any} */ (options)?.[kind] ?? []).map((/** @type {any} */ one) => ({ ...one, kind })));
  const search = (/** @type {any[]} */ among) => async (/** @type {string} */ typed) => {
    const asked = typed.toLowerCase();
    const texts = (/** @type {any} */ one) => [one.name, one.name_ru ?? "", one.key].map((text) => text.toLowerCase());
    const rank = (/** @type {any} */ one) => Math.min(...texts(one).map((text) => (text.startsWith(asked) ? 0 : text.includes(` ${asked}`) ? 1 : 2)));
    return among.filter((one) => texts(one).some((text) => text.includes(asked))).sort((a, b) => rank(a) - rank(b)).slice(0, 10)
      .map((one) => ({ value: one.feature, text: nameOf(lang, one), note: t(/** @type {"kind_passages"} */ (`kind_${one.kind}`)) }));
  };
  const country = /^country:/.test(what);
  const named = { name: [thing.name, other?.name].filter(Boolean).join(" - "), name_ru: [thing.name_ru || thing.name, other && (other.name_ru || other.name)].filter(Boolean).join(" - ") };
  const [en, ru] = bothNames(named);
  const put_in = () => put({ ...entry, kind: "close", what: feature(what, mode, other?.feature), ...reasons(en, ru) }, titles("closed_title", en, ru));
  return html`<div class="fields">
    <div class="wide"><${Combobox} name="closing" label=${t("what_closes")} hint=${t("what_hint")} shown=${nameOf(lang, thing)} suggest=${search(all)} loose=${false} count=${say("suggestions")}
      take=${(/** @type {string} */ value) => {
        const found = all.find((one) => one.feature === value);
        setWhat(value);
        setThing(found ?? { name: "", name_ru: "" });
        setOther(null);
      }} />${!entry && html`<p class="small">${t("or_map")}</p>`}</div>
    <${SelectField} label=${t("in_mode")} name="mode" value=${mode} set=${setMode} choices=${[["", t("all_modes")], ...(options?.modes ?? []).map((one) => [one.key, nameOf(lang, one)])]} />
    ${country ? html`<${Combobox} name="neighbour" label=${t("only_border")} hint=${t("only_border_hint")} shown=${other ? nameOf(lang, other) : ""} loose=${false} count=${say("suggestions")}
      suggest=${search(all.filter((one) => one.kind === "countries" && one.feature !== what))} take=${(/** @type {string} */ value) => setOther(all.find((one) => one.feature === value) ?? null)} />` : html`<span></span>`}
    <${ReasonField} own=${own} usual=${what ? nameOf(lang, { name: word("en", "default_close", en), name_ru: word("ru", "default_close", ru) }) : ""} set=${setOwn} />
    <${PutIn} ready=${Boolean(what)} editing=${Boolean(entry)} act=${put_in} done=${done} />
  </div>`;
}

/** The Caspian falls; what follows is told under the slider. @param {FormProps} props */
export function CaspianForm({ doc, entry: given, put, done }) {
  const { lang } = usePage();
  const t = useWords();
  const entry = given ?? doc.entries.find((one) => one.kind === "caspian") ?? null;
  const [metres, setMetres] = useState(entry ? -(entry.level_change_m ?? -1) : 1);
  const [follows, setFollows] = useState(/** @type {import("./scenario_state.js").Follows[] | null} */ (null));
  useEffect(() => {
    const control = new AbortController();
    const alone = { name: "level", entries: [{ kind: "caspian", level_change_m: -metres, reason: "level" }] };
    const timer = setTimeout(() => {
      const how = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(alone), signal: control.signal };
      ask("/scenarios/compose", how).then((check) => setFollows(check.follows), () => {});
    }, 200);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [metres]);
  const { own, setOwn, reasons } = useReason(entry, "default_caspian");
  const said = (/** @type {"en" | "ru"} */ language) => ({ m: figures.plain(language, metres, 1) });
  const usual = word(lang, "default_caspian", said(lang));
  // A reason that only says the old level moves with the slider.
  const asDefault = own === null || (entry && [entry.reason, entry.reason_ru].includes(own) && isDefault(own));
  const act = () =>
    put({ ...entry, kind: "caspian", level_change_m: -metres, ...(asDefault ? { reason: word("en", "default_caspian", said("en")), reason_ru: word("ru", "default_caspian", said("ru")) } : reasons(said("en"), said("ru"))) },
      titles("caspian_title", said("en"), said("ru")));
  const shown = t("metres", { value: figures.plain(lang, metres, 1) });
  return html`<div class="fields">
    <label class="wide slider"><span>${t("level")}<output>${shown}</output></span>
      <input type="range" name="level" aria-label=${t("level")} min="0.1" max=${LOWEST_M} step="0.1" value=${metres} aria-valuetext=${shown} onInput=${(/** @type {Event} */ event) => setMetres(Number(/** @type {HTMLInputElement} */ (event.target).value))} /></label>
    <${ReasonField} own=${asDefault ? null : own} usual=${usual} set=${setOwn} />
    <${PutIn} ready=${true} editing=${Boolean(entry)} act=${act} done=${done} />
    ${follows && html`<div class="wide"><${Followed} follows=${follows} /></div>`}
  </div>`;
}

/** Whether a reason is the one that was filled in. @param {string} text */
function isDefault(text) {
  return /** @type {const} */ (["en", "ru"]).some((lang) => {
    const [before = "", after = ""] = word(lang, "default_caspian", { m: "\n" }).split("\n");
    return text.startsWith(before) && text.endsWith(after);
  });
}

/** What follows from the level of the Caspian, service by service. @param {{follows: import("./scenario_state.js").Follows[]}} props */
export function Followed({ follows }) {
  const { lang, options } = usePage();
  const t = useWords();
  const own = follows.filter((one) => one.entry === "caspian");
  if (!own.length) return html`<p class="small">${t("follows_none")}</p>`;
  const services = new Map();
  for (const one of own) {
    const key = one.effect === "closed" ? one.item : one.row.replace("services:", "service:");
    services.set(key, [...(services.get(key) ?? []), one]);
  }
  const named = (/** @type {string} */ key) => {
    const found = /** @type {any} */ (options)?.services?.find((/** @type {any} */ one) => one.feature === key);
    return found ? nameOf(lang, found) : key.replace("service:", "");
  };
  const number = (/** @type {string} */ text) => (text === "" || Number.isNaN(Number(text)) ? text || t("unknown") : figures.plain(lang, Number(text), Number(text) % 1 ? 1 : 0));
  const column = (/** @type {string} */ key) => (key === "usd_teu" || key === "usd_feu" || key === "usd_trailer" || key === "usd_t" || key === "headway_h" || key === "running_h" || key === "fill_teu" || key === "max_draft_m" || key === "capacity" ? t(key) : key);
  return html`<section class="follows" aria-label=${t("follows")}><h3>${t("follows")}</h3><dl>
    ${[...services].map(([key, rows]) => html`<div class=${rows[0].effect}><dt>${named(key)}</dt>${rows.map((/** @type {any} */ one) =>
      html`<dd>${one.effect === "closed" ? html`<b class="bad-word">${t("service_closed")}</b>` : html`${column(one.column)}: <s>${number(one.before)}</s> ${number(one.after)}`}</dd>`)}</div>`)}</dl></section>`;
}

/** Places that are ports and rows of the table. @param {any[]} places @returns {Place[]} */
const portsOf = (places) => places.filter((one) => !one.place.includes(":") && isPort(one.kinds ?? []));

/** A ferry or feeder between two ports. @param {FormProps} props */
export function ServiceForm({ doc, text, entry, put, done, sketch }) {
  const { lang, t: say } = usePage();
  const t = useWords();
  const [ports, setPorts] = useState(/** @type {{from: Place | null, to: Place | null}} */ ({ from: null, to: null }));
  const [kind, setKind] = useState(/** @type {string} */ (entry?.row.kind ?? "roro"));
  const [row, setRow] = useState(/** @type {Record<string, any> | null} */ (entry ? { ...entry.row } : null));
  const [evidence, setEvidence] = useState(/** @type {string[]} */ (entry?.evidence ?? []));
  const [trouble, setTrouble] = useState("");
  const { own, setOwn, reasons } = useReason(entry, "default_service");
  const first = useRef(Boolean(entry));
  const added = addedPorts(doc);
  const take = (/** @type {"from" | "to"} */ end) => async (/** @type {string} */ key) => {
    if (!key) return;
    const found = added.find((one) => one.place === key) ?? (await ask(`/places/${encodeURIComponent(key)}`));
    setPorts((now) => ({ ...now, [end]: found }));
  };
  useEffect(() => {
    if (!entry) return;
    for (const end of /** @type {const} */ (["from", "to"])) take(end)(entry.row[`${end}_place`]).catch(() => {}); // its name stands in the key
  }, []);
  const [from, to] = [ports.from?.place, ports.to?.place];
  useEffect(() => {
    if (!from || !to || from === to) return undefined;
    if (first.current) { // what is edited stands as it was written
      first.current = false;
      return undefined;
    }
    const control = new AbortController();
    const ours = added.some((one) => one.place === from || one.place === to);
    ask(`/offers/service?${new URLSearchParams({ from, to, kind, scenario: ours ? text : "" })}`, { signal: control.signal }).then((offer) => {
      setRow({ ...offer.row, service: freeKey(doc, "services", "service", offer.row.service) });
      setEvidence(offer.evidence);
      setTrouble("");
    }, (error) => { if (!control.signal.aborted) setTrouble(saidOf(lang, failureOf(error), "message")); });
    return () => control.abort();
  }, [from, to, kind]);
  const suggest = async (/** @type {string} */ q, /** @type {AbortSignal} */ signal) => {
    const found = await ask(`/places?${new URLSearchParams({ q, limit: "20" })}`, { signal });
    return [...namedSo(added, q), ...portsOf(found.places)].slice(0, 8).map((one) => ({ value: one.place, text: nameOf(lang, one), note: `${one.place} · ${countryName(lang, one.country)}` }));
  };
  const click = (/** @type {"from" | "to"} */ end) => async () => {
    setTrouble("");
    const spot = (await sketch("point", t("pick_port")))?.[0];
    if (!spot) return;
    const found = await ask(`/places/near?${new URLSearchParams({ lat: String(spot[1]), lon: String(spot[0]), limit: "50" })}`);
    const away = (/** @type {Place} */ one) => lineKm([spot, [one.lon, one.lat]]);
    const port = [...added, ...portsOf(found.places)].filter((one) => away(one) < PORT_REACH_KM).sort((a, b) => away(a) - away(b))[0];
    if (port) setPorts((now) => ({ ...now, [end]: port }));
    else setTrouble(t("no_port"));
  };
  const price = row?.usd_teu != null ? "usd_teu" : "usd_trailer";
  const [en, ru] = bothNames({ name: row?.name ?? "", name_ru: row?.name_ru ?? "" });
  const act = () => put({ ...entry, kind: "add", table: "services", row, evidence, ...reasons(en, ru) }, titles("service_title", en, ru));
  const ends = /** @type {const} */ ([["from", "port_from"], ["to", "port_to"]]);
  return html`<div class="fields">
    ${ends.map(([end, label]) => html`<div class="wide port"><${Combobox} name=${`port-${end}`} label=${t(label)} hint=${t("port_hint")} shown=${ports[end] ? nameOf(lang, /** @type {Place} */ (ports[end])) : ""} suggest=${suggest}
      loose=${false} count=${say("suggestions")} take=${take(end)} /><button type="button" aria-label=${`${t(label)}: ${t("on_map")}`} onClick=${click(end)}>${t("on_map")}</button></div>`)}
    <${SelectField} label=${t("ferry_kind")} name="kind" value=${kind} set=${setKind} choices=${FERRIES.map((one) => [one, t(`kind_${one}`)])} />
    ${row && html`<${NumberField} label=${t("week")} name="week" value=${tidy(WEEK_H / row.headway_h)} min=${0.1} max=${200} set=${(/** @type {number} */ week) => setRow(serviceRow(row, { week }))} />
      <${NumberField} label=${t("hours")} name="hours" value=${row.running_h} min=${0.1} max=${2000} set=${(/** @type {number} */ hours) => setRow(serviceRow(row, { hours }))} />
      <${NumberField} label=${t("knots")} name="knots" value=${Math.round((row.distance_km / row.running_h / KM_PER_NAUTICAL_MILE) * 10) / 10} min=${0.5} max=${60} set=${(/** @type {number} */ knots) => setRow(serviceRow(row, { hours: row.distance_km / (knots * KM_PER_NAUTICAL_MILE) }))} />
      <${NumberField} label=${t(price)} name="usd" value=${row[price] ?? ""} max=${30000} set=${(/** @type {number} */ usd) => setRow(row[price] == null ? { ...row, [price]: usd } : serviceRow(row, { usd }))} />
      <${TextField} label=${t("name")} name="name" value=${lang === "ru" ? (row.name_ru ?? row.name) : row.name} set=${(/** @type {string} */ name) => setRow(lang === "ru" ? { ...row, name_ru: name } : { ...row, name })} />
      <p class="small wide">${t("distance", { km: figures.km(lang, row.distance_km) })}. ${t("like", { n: evidence.length })}</p>
      <${ReasonField} own=${own} usual=${word(lang, "default_service", lang === "ru" ? ru : en)} set=${setOwn} />`}
    ${!row && html`<p class="small wide">${t("two_ports")}</p>`}
    ${trouble && html`<p class="notice wide" role="alert">${trouble}</p>`}
    <${PutIn} ready=${Boolean(row?.name)} editing=${Boolean(entry)} act=${act} done=${done} />
  </div>`;
}

/** A railway that is drawn. @param {FormProps} props */
export function LineForm({ doc, entry, put, done, sketch, show }) {
  const { lang } = usePage();
  const t = useWords();
  const [points, setPoints] = useState(/** @type {Point[]} */ (entry ? pointsOf(entry.row) : []));
  const [name, setName] = useState(/** @type {string} */ (entry?.row.name ?? ""));
  const [gauge, setGauge] = useState(String(entry?.row.gauges_mm?.[0] ?? "1520"));
  const [km, setKm] = useState(/** @type {number | null} */ (entry?.row.length_km ?? null));
  const [joined, setJoined] = useState(/** @type {[boolean, boolean] | null} */ (null));
  const [tracks, setTracks] = useState(Number(entry?.row.tracks ?? 1));
  const { own, setOwn, reasons } = useReason(entry, "default_line");
  const draw = async () => {
    const found = await sketch("line");
    if (!found || found.length < 2) return;
    const offer = await ask(`/offers/line?${new URLSearchParams(found.map(([lon, lat]) => ["point", `${lat.toFixed(6)},${lon.toFixed(6)}`]))}`).catch(() => null);
    const met = /** @type {Point[]} */ (offer?.points ?? found);
    if (offer?.gauge_mm) setGauge(String(offer.gauge_mm));
    setJoined(offer?.joined ?? null);
    setPoints(met);
    setKm(Math.max(0.1, Math.round(lineKm(met) * 10) / 10));
    show([{ kind: "line", points: met, label: "" }]);
  };
  const fixed = entry && !points.length; // a line between places keeps its ends
  const [en, ru] = /** @type {const} */ ([{ name: name || word("en", "line_name") }, { name: name || word("ru", "line_name") }]);
  const act = () => {
    const drawn = points.length > 1 ? railRow(doc, { name: en.name, points, gauge, km: km ?? lineKm(points), tracks }) : { name: en.name, gauges_mm: [gauge], length_km: km, tracks };
    const row = entry ? { ...entry.row, ...drawn, line: entry.row.line } : drawn;
    if (points.length === 2) delete /** @type {any} */ (row).via;
    return put({ ...entry, kind: "add", table: "rail_lines", row, ...reasons(en, ru) }, titles("line_title", en, ru));
  };
  return html`<div class="fields">
    <div class="wide"><button type="button" class=${points.length ? "" : "main"} onClick=${draw}>${t(points.length ? "redraw" : "draw")}</button>
      <p class="small">${points.length ? t("drawn", { km: figures.km(lang, lineKm(points)), n: points.length }) : t("draw_note")}</p>
      ${joined && html`<p class=${joined.includes(true) ? "small" : "notice"} role="status">${t(joined[0] && joined[1] ? "joins_both" : joined[0] || joined[1] ? "joins_one" : "joins_none")}</p>`}</div>
    <${TextField} wide label=${t("name")} name="name" value=${name} set=${setName} />
    <${SelectField} label=${t("gauge")} name="gauge" value=${gauge} set=${setGauge} choices=${[...new Set([...GAUGES, gauge])].map((one) => [one, one])} />
    <${NumberField} label=${t("km")} name="km" value=${km ?? ""} min=${0.1} max=${15000} set=${setKm} />
    <${NumberField} label=${t("tracks")} name="tracks" value=${tracks} min=${1} max=${8} step="1" set=${setTracks} />
    <${ReasonField} own=${own} usual=${word(lang, "default_line", lang === "ru" ? ru : en)} set=${setOwn} />
    <${PutIn} ready=${points.length > 1 || Boolean(fixed)} editing=${Boolean(entry)} act=${act} done=${done} />
  </div>`;
}

/** A terminal at a clicked place. @param {FormProps} props */
export function PlaceForm({ doc, entry, put, done, sketch }) {
  const { lang, options } = usePage();
  const t = useWords();
  const [point, setPoint] = useState(/** @type {Point | null} */ (entry ? [entry.row.lon, entry.row.lat] : null));
  const [name, setName] = useState(/** @type {string} */ (entry?.row.name ?? ""));
  const [country, setCountry] = useState(/** @type {string} */ (entry?.row.country ?? ""));
  const [modes, setModes] = useState(/** @type {string[]} */ (entry ? modesOf(entry.row) : ["rail"]));
  const { own, setOwn, reasons } = useReason(entry, "default_place");
  const click = async () => {
    const spot = (await sketch("point"))?.[0];
    if (!spot) return;
    setPoint(spot);
    const near = await ask(`/places/near?${new URLSearchParams({ lat: String(spot[1]), lon: String(spot[0]), limit: "8" })}`).catch(() => null);
    const land = near?.places.find((/** @type {Place} */ one) => one.country);
    if (land) setCountry(land.country);
  };
  const countries = /** @type {[string, string][]} */ ((options?.countries ?? []).map((one) => [one.key, nameOf(lang, one)]).sort((a, b) => String(a[1]).localeCompare(String(b[1]), lang)));
  const [en, ru] = /** @type {const} */ ([{ name: name || word("en", "place_name") }, { name: name || word("ru", "place_name") }]);
  const act = () => {
    const made = placeRow(doc, { name: en.name, country, modes, point: /** @type {Point} */ (point) });
    const row = entry ? { ...entry.row, ...made, place: entry.row.place } : made;
    return put({ ...entry, kind: "add", table: "places", row, ...reasons(en, ru) }, titles("place_title", en, ru));
  };
  return html`<div class="fields">
    <div class="wide"><button type="button" class=${point ? "" : "main"} onClick=${click}>${t(point ? "place_again" : "place_spot")}</button>
      <p class="small">${point ? t("at", { lat: figures.plain(lang, point[1], 3), lon: figures.plain(lang, point[0], 3) }) : t("no_place")}</p></div>
    <${TextField} label=${t("name")} name="name" value=${name} set=${setName} />
    <${SelectField} label=${t("country")} name="country" value=${country} set=${setCountry} choices=${[["", ""], ...countries]} />
    <fieldset class="wide"><legend>${t("modes")}</legend><div class="ticks">${/** @type {const} */ (["rail", "sea", "ferry"]).map((mode) => html`<label class="tick"><input type="checkbox" checked=${modes.includes(mode)}
      onChange=${() => setModes(modes.includes(mode) ? modes.filter((one) => one !== mode) : [...modes, mode])} />${t(`mode_${mode}`)}</label>`)}</div>
      <p class="small">${t("place_loads")} ${t("place_note")}</p></fieldset>
    <${ReasonField} own=${own} usual=${word(lang, "default_place", lang === "ru" ? ru : en)} set=${setOwn} />
    <${PutIn} ready=${Boolean(point && country)} editing=${Boolean(entry)} act=${act} done=${done} />
  </div>`;
}

/** Another value of a cell, or only another reason. @param {FormProps} props */
export function ValueForm({ entry, put, done }) {
  const { lang } = usePage();
  const t = useWords();
  const [value, setValue] = useState(entry?.value ?? null);
  const [factor, setFactor] = useState(entry?.factor ?? null);
  const [own, setOwn] = useState((lang === "ru" && entry?.reason_ru) || entry?.reason || "");
  const act = () =>
    put({ .../** @type {import("./scenario_edit.js").Entry} */ (entry), ...(entry?.kind === "change" ? { value: factor === null ? value : null, factor } : {}),
      ...(lang === "ru" && entry?.reason_ru ? { reason_ru: own } : { reason: own }) }, { title: "", title_ru: "" });
  return html`<div class="fields">
    ${entry?.kind === "change" && html`<p class="wide small">${t("change_of", { column: entry.column ?? "", row: entry.row })}</p>
      ${factor !== null ? html`<${NumberField} label=${t("times")} value=${factor} set=${setFactor} />`
        : typeof value === "number" ? html`<${NumberField} label=${t("becomes")} value=${value} min=${undefined} set=${setValue} />`
        : html`<${TextField} label=${t("becomes")} value=${String(value ?? "")} set=${setValue} />`}`}
    <${ReasonField} own=${own} usual="" set=${setOwn} />
    <${PutIn} ready=${Boolean(own.trim())} editing=${true} act=${act} done=${done} />
  </div>`;
}
