// Shapes of what the API answers, as docs/route-json.md and the OpenAPI document tell them; null is always "not known".

export type Figure = number | null | undefined;
export type Lang = "en" | "ru";

export interface Place {
  place: string;
  name: string;
  name_ru: string;
  country: string;
  lat: number;
  lon: number;
}

export interface Component {
  kind: string;
  source: string;
  basis: string;
  time_h: Figure;
  cost_usd: Figure;
  co2e_kg: Figure;
}

export interface Leg {
  mode: string;
  from: string;
  to: string;
  name: string;
  name_ru: string;
  country: string;
  distance_km: number;
  running_h: number;
  waiting_h: number;
  handling_h: number;
  border_h: number;
  time_h: number;
  cost_usd: number;
  co2e_kg: Figure;
  assumed: string[];
  sources: string[];
  components: Component[];
  geometry?: [number, number][];
}

export interface SpreadLeg {
  leg: number;
  mode: string;
  to: string;
  name: string;
  name_ru: string;
  share: number;
  sources: string[];
}

export interface Way {
  corridor: string;
  corridor_name: string;
  corridor_name_ru: string;
  time_h: number;
  cost_usd: number;
  co2e_kg: Figure;
}

export interface Route extends Way {
  beaten_by: string | null;
  beaten_by_way: Way | null;
  modes: string[];
  distance_km: number;
  running_h: number;
  waiting_h: number;
  handling_h: number;
  border_h: number;
  generalized_cost_usd: number;
  assumed: string[];
  p10_h: Figure;
  p50_h: Figure;
  p80_h: Figure;
  p90_h: Figure;
  p95_h: Figure;
  buffer_h: Figure;
  buffer_usd: Figure;
  spread_assumed_share: Figure;
  on_time: Figure;
  spread_legs: SpreadLeg[];
  legs: Leg[];
  sources: string[];
}

export interface Shipment {
  commodity: string;
  commodity_name: string;
  commodity_name_ru: string;
  unit: string;
  units: number;
  tonnes: number;
  value_usd: number;
  value_of_time_usd_per_t_day: number;
  carbon_price_usd_per_t: number;
}

export interface Condition {
  effect: string;
  item: string;
  column: string;
  usual: Figure;
  value: Figure;
  name: string;
  name_ru: string;
  sources: string[];
}

export interface Answer {
  origin: Place;
  destination: Place;
  shipment: Shipment;
  coverage: { ways_found: number; truncated: boolean; certified: boolean };
  routes: Route[];
  places: Record<string, Place>;
  warnings: string[];
  warnings_ru: string[];
  depart: string | null;
  within_days: number | null;
  conditions: Condition[];
}

export interface Failure {
  kind: string;
  message: string;
  message_ru?: string;
  suggestions?: string[];
  suggestions_ru?: string[];
  candidates?: (string | Place)[];
  candidates_ru?: (string | Place)[];
  blocked_by?: string[];
  blocked_by_ru?: string[];
  status?: number;
}

export interface Sums {
  time_h: Figure;
  p50_h: Figure;
  p90_h: Figure;
  cost_usd: Figure;
  co2e_kg: Figure;
}

export interface Difference {
  corridor: string;
  corridor_name: string;
  corridor_name_ru: string;
  base: Sums | null;
  with: Sums | null;
  change: Sums | null;
}

export interface Comparison {
  scenario: { name: string; title?: string; title_ru?: string; changes: (string | { text: string; text_ru: string })[] };
  base: Answer | { error: Failure };
  with: Answer | { error: Failure };
  differences: Difference[];
}

export interface Option {
  key: string;
  name: string;
  name_ru: string;
  feature: string;
  units?: string[];
}

export interface Options {
  commodities: Option[];
  units: Option[];
  vessels: Option[];
  sanctions: Option[];
  corridors: Option[];
  passages: Option[];
  countries: Option[];
  modes: Option[];
}

export type Cell = string | number | boolean | null | (string | number)[];

export interface SourceRow {
  source: string;
  title: string;
  url?: string;
  date?: string;
  tier?: string;
  note?: string;
  licence?: string;
}

export interface TracedRow {
  id: string;
  table: string;
  depth: number;
  behind: string;
  cells: Record<string, Cell>;
  sources: string[];
}

export interface Trace {
  asked: string;
  rows: TracedRow[];
  sources: SourceRow[];
}

export interface Column {
  column: string;
  type: string;
  unit: string;
  required: boolean;
  key: boolean;
  meaning: string;
}

export interface Sheet {
  name: string;
  meaning?: string;
  columns: Column[];
  rows: Record<string, Cell>[];
  total: number;
}

export interface TableInfo {
  name: string;
  meaning: string;
  rows: number | null;
  columns: number;
}

export interface Score {
  n: number;
  median_abs_error_pct?: Figure;
  bias_pct?: Figure;
  inside_p10_p90_pct?: Figure;
}

export interface Headline extends Score {
  of: string;
  targets: Record<string, [number, number]>;
  met: Record<string, boolean | null>;
  observed_alone?: Score;
}

export interface Compared {
  id: string;
  measure: "time" | "cost";
  corridor: string | null;
  observed: Figure;
  observed_min: Figure;
  observed_max: Figure;
  unit: string;
  predicted_p10: Figure;
  predicted_p50: Figure;
  predicted_p90: Figure;
  error_pct: Figure;
  inside: boolean | null;
  used: boolean;
  reason: string;
  reason_ru: string;
  reason_kind: string;
  origin: string;
  destination: string;
  modes: string[];
  quality: string;
  year: number | null;
  half: string;
  basis: string;
}

export interface Accuracy {
  half: string;
  headline: Record<string, Headline>;
  rows: Compared[];
  notes: string[];
  notes_ru: string[];
}

export interface Feature {
  key: string;
  kind: string;
  name: string;
  name_ru: string;
}

export interface Comparison {
  verdict: string;
  code: string;
  reason: string;
  reason_ru: string;
  evidence: string[];
}

export interface Claim {
  start: number;
  end: number;
  text: string;
  lang: string;
  subject: string | null;
  partner: string | null;
  flow: string | null;
  commodity: string | null;
  mode: string | null;
  period: string | null;
  value: number | null;
  value_max: number | null;
  unit: string | null;
  qualifier: string | null;
  growth_pct: number | null;
  growth_pct_max: number | null;
  growth_times: number | null;
  growth_times_max: number | null;
  growth_abs: number | null;
  base_value: number | null;
  base_period: string | null;
  share_pct: number | null;
  whole: number | null;
  against: string | null;
  modality: string;
  perspective: string | null;
  edition: string | null;
  alternatives: { slot: string; value: number | string; reason: string; reason_ru: string }[];
  verdict: string;
  evidence: string[];
  checks: Comparison[];
}

export interface Checked {
  claims: Claim[];
  counts: Record<string, number>;
  text: string;
  published: string | null;
  names: Record<string, { name: string; name_ru: string }>;
  left: { start: number; end: number; text: string }[];
}

export interface Recorded {
  commodity: string | null;
  commodity_ru: string | null;
  rows: string[];
  subject: string;
  partner: string | null;
  period: string | null;
  value: number | null;
  interval: [number | null, number | null] | null;
  unit: string | null;
  growth_pct: number | null;
  qualifier: string | null;
  kind: string;
  weight: string;
  perspective: string | null;
  edition: string | null;
  published: string | null;
  note: string | null;
}

export interface Thing {
  subject: string;
  partner: string;
  flow: string;
  goods: string;
  mode: string;
  scope: string;
  measure: string;
  period: string;
  unit: string;
  figures: Recorded[];
  conflicts: { first: string[]; second: string[]; share: number }[];
}
