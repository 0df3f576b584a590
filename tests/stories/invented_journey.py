"""An invented answer: Hai Phong to Duisburg by five routes. Places are real, every number is made up for the tests of reports."""

from __future__ import annotations

import math

from keruen.routing.result import BeatenBy, Component, Leg, PlaceRef, Point, Route, RouteResult

PLACES = {
    place: PlaceRef(place, name, name_ru, country, lat, lon)
    for place, name, name_ru, country, lat, lon in [
        ("VNHPH", "Hai Phong", "Хайфон", "VN", 20.86, 106.68),
        ("VNHAN", "Hanoi", "Ханой", "VN", 21.03, 105.85),
        ("VNDDG", "Dong Dang", "Донгданг", "VN", 21.94, 106.70),
        ("CNPIN", "Pingxiang", "Пинсян", "CN", 22.10, 106.75),
        ("CNXIY", "Xi'an", "Сиань", "CN", 34.40, 109.04),
        ("CNHRG", "Khorgos (CN)", "Хоргос (КНР)", "CN", 44.21, 80.40),
        ("KZHOR", "Altynkol", "Алтынколь", "KZ", 44.20, 80.24),
        ("KZAAU", "Aktau", "Актау", "KZ", 43.61, 51.22),
        ("AZALT", "Alat", "Алят", "AZ", 39.95, 49.41),
        ("GEPTI", "Poti", "Поти", "GE", 42.15, 41.65),
        ("ROCND", "Constanta", "Констанца", "RO", 44.17, 28.65),
        ("RUPTR", "Petropavl border", "Петропавловск", "RU", 54.90, 69.10),
        ("BYBQT", "Brest", "Брест", "BY", 52.10, 23.70),
        ("PLMSZ", "Malaszewicze", "Малашевиче", "PL", 52.03, 23.53),
        ("NLRTM", "Rotterdam", "Роттердам", "NL", 51.92, 4.20),
        ("DEFRA", "Frankfurt", "Франкфурт", "DE", 50.03, 8.57),
        ("DEDUI", "Duisburg", "Дуйсбург", "DE", 51.43, 6.73),
    ]
}

TO_INDIA: list[Point] = [
    (106.68, 20.86), (107.5, 20), (109, 17), (110, 14), (109.5, 11), (107, 8), (105, 4), (104.3, 1.6), (103.5, 1.2), (101, 3),
    (98, 5.8), (95, 6.1), (88, 5.9), (80.5, 5.6),
]  # fmt: skip
BY_SUEZ: list[Point] = [
    *TO_INDIA, (77, 7.4), (70, 10), (60, 12.6), (52, 12.4), (45, 12), (43.3, 12.6), (41, 16), (38.5, 20), (35.5, 25.5), (33.7, 27.8),
    (32.6, 29.7), (32.4, 31.4), (30, 32.4), (25, 33.9), (18, 35.6), (12, 37.4), (8, 37.9), (0, 36.8), (-4, 36), (-5.6, 35.9),
    (-9, 36.5), (-9.9, 39), (-9.9, 43.3), (-6, 48.3), (-2, 49.9), (1.4, 50.95), (3, 51.8), (4.2, 51.92),
]  # fmt: skip
BY_CAPE: list[Point] = [
    *TO_INDIA, (72, -4), (58, -20), (44, -30), (30, -34.3), (20, -35.2), (15, -31), (4, -15), (-9, 0), (-17.8, 11), (-18.4, 19),
    (-16, 27), (-12, 35), (-10.3, 40), (-9.9, 43.4), (-6, 48.3), (-2, 49.9), (1.4, 50.95), (3, 51.8), (4.2, 51.92),
]  # fmt: skip
RHINE: list[Point] = [(4.2, 51.92), (5.3, 51.85), (6.1, 51.83), (6.73, 51.43)]
VIETNAM: list[Point] = [(106.68, 20.86), (105.85, 21.03), (106.2, 21.3), (106.7, 21.94)]
CHINA: list[Point] = [
    (106.75, 22.1), (108.3, 22.8), (109.4, 24.3), (106.7, 26.6), (106.5, 29.5), (107.2, 31.2), (108.95, 34.4), (106.2, 34.6),
    (103.8, 36), (100.4, 38.9), (98.2, 39.8), (95.8, 40.8), (93.5, 42.8), (89.2, 42.9), (87.6, 43.8), (82.9, 44.6), (80.4, 44.21),
]  # fmt: skip
STEPPE: list[Point] = [
    (80.24, 44.2), (77, 43.4), (75, 43.3), (73.7, 43.6), (73.6, 46.5), (73, 49.8), (71.4, 51.2), (69.4, 53.2), (69.1, 54.9),
]  # fmt: skip
RUSSIA: list[Point] = [
    (69.1, 54.9), (65.3, 55.4), (61.4, 55.2), (56, 54.7), (50.1, 53.2), (45, 53.2), (40.5, 54.6), (37.6, 55.7), (32, 54.8),
    (27.5, 53.9), (23.7, 52.1),
]  # fmt: skip
POLAND: list[Point] = [(23.53, 52.03), (21, 52.2), (16.9, 52.4), (13.4, 52.5), (9.7, 52.4), (8, 51.9), (6.73, 51.43)]
TO_CASPIAN: list[Point] = [
    (80.24, 44.2), (77, 43.4), (75, 43.3), (71.4, 42.9), (69.6, 42.3), (68.2, 43.3), (65.5, 44.8), (61.7, 46.8), (59.6, 47.8),
    (55.2, 45.3), (53, 43.8), (51.22, 43.61),
]  # fmt: skip
CASPIAN: list[Point] = [(51.22, 43.61), (50.7, 42), (50.4, 40.6), (49.41, 39.95)]
CAUCASUS: list[Point] = [(49.41, 39.95), (48, 40.1), (46.4, 40.7), (44.8, 41.7), (43.5, 42), (41.65, 42.15)]
BLACK_SEA: list[Point] = [(41.65, 42.15), (38, 43), (33, 43.6), (28.65, 44.17)]
DANUBE: list[Point] = [
    (28.65, 44.17), (26.1, 44.4), (23.8, 44.3), (21.2, 45.7), (19, 47.5), (16.4, 48.2), (13, 48.6), (11, 49.45), (8.7, 50.1),
    (7.6, 50.4), (6.73, 51.43),
]  # fmt: skip

SPEED_KMH = {"rail": 38.0, "sea": 27.0, "ferry": 24.0, "road": 52.0, "air": 800.0, "inland_waterway": 14.0}
USD_PER_KM = {"rail": 0.55, "sea": 0.09, "ferry": 1.4, "road": 1.3, "air": 5.1, "inland_waterway": 0.6}
KG_PER_KM = {"rail": 0.2, "sea": 0.07, "ferry": 0.25, "road": 0.9, "air": 9.0, "inland_waterway": 0.3}


def length_km(points: list[Point]) -> float:
    """Length of a line over the sphere."""
    return sum(haversine_km(a, b) for a, b in zip(points[:-1], points[1:], strict=True))


def haversine_km(a: Point, b: Point) -> float:
    """Distance between two points given as (lon, lat)."""
    (lon_a, lat_a), (lon_b, lat_b) = a, b
    phi_a, phi_b, dlon = math.radians(lat_a), math.radians(lat_b), math.radians(lon_b - lon_a)
    h = math.sin((phi_b - phi_a) / 2) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(dlon / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def move(
    mode: str, start: str, end: str, line: list[Point], country: str, name: str = "", co2e_known: bool = True
) -> Leg:
    """A leg whose time, cost and CO2e follow from invented rates; rail tariffs are marked as assumed."""
    km = length_km(line)
    hours, usd = km / SPEED_KMH[mode], km * USD_PER_KM[mode]
    kg = km * KG_PER_KM[mode] if co2e_known else None
    return Leg(
        mode=mode,
        start=start,
        end=end,
        country=country,
        name=name,
        name_ru="",
        distance_km=km,
        running_h=hours,
        waiting_h=24.0 if mode in ("sea", "ferry", "air") else 0.0,
        cost_usd=usd,
        co2e_kg=kg,
        components=(
            Component("running", f"speeds:{mode}/{country or '*'}/*", "observed", time_h=hours),
            Component(
                "tariff",
                f"tariffs:{mode}/{country or '*'}/feu",
                "assumed" if mode == "rail" else "reported",
                cost_usd=usd,
            ),
            Component("emission", f"emission_factors:{mode}_wtw", "published", co2e_kg=kg),
            *(
                [Component("waiting", f"waits:{mode}/*", "derived", time_h=24.0)]
                if mode in ("sea", "ferry", "air")
                else []
            ),
        ),
        geometry=line,
    )


def stop(
    mode: str,
    place: str,
    to: str = "",
    *,
    handling_h: float = 0.0,
    border_h: float = 0.0,
    usd: float = 0.0,
    name: str = "",
) -> Leg:
    """A terminal, border or change of gauge."""
    here = PLACES[place]
    kind = "border" if mode == "border" else "handling"
    return Leg(
        mode=mode,
        start=place,
        end=to or place,
        country=here.country,
        name=name,
        handling_h=handling_h,
        border_h=border_h,
        cost_usd=usd,
        co2e_kg=3.0 if mode == "terminal" else 0.0,
        components=(Component(kind, f"handling:{mode}/{place}", "reported", handling_h + border_h, usd),),
        geometry=[(here.lon, here.lat)],
    )


def to_khorgos() -> list[Leg]:
    """The shared first half of both overland routes."""
    return [
        stop("terminal", "VNHPH", handling_h=12, usd=110),
        move("rail", "VNHPH", "VNDDG", VIETNAM, "VN"),
        stop("border", "VNDDG", "CNPIN", border_h=18, usd=60, name="Dong Dang - Pingxiang"),
        move("rail", "CNPIN", "CNXIY", CHINA[:7], "CN"),
        stop("terminal", "CNXIY", handling_h=30, usd=90),
        move("rail", "CNXIY", "CNHRG", CHINA[6:], "CN"),
        stop("border", "CNHRG", "KZHOR", border_h=20, usd=50, name="Khorgos - Altynkol"),
        stop("gauge_change", "KZHOR", handling_h=10, usd=80, name="1435 -> 1520 mm"),
    ]


def route_of(corridor: str, name: str, name_ru: str, legs: list[Leg], beaten_by: BeatenBy | None = None) -> Route:
    """A route priced at an invented 12 USD an hour."""
    usd = sum(leg.cost_usd for leg in legs) + 12 * sum(leg.time_h for leg in legs)
    return Route(
        corridor=corridor,
        corridor_name=name,
        corridor_name_ru=name_ru,
        legs=tuple(legs),
        generalized_cost_usd=usd,
        beaten_by=beaten_by,
        signature={"invented": 1.0},
    )


def invented_result() -> RouteResult:
    """Five routes: Suez, the Cape (beaten), Northern, Trans-Caspian (one CO2e unknown), air."""
    port, ship = stop("terminal", "VNHPH", handling_h=48, usd=120), "Liner service"
    rhine = [
        stop("terminal", "NLRTM", handling_h=40, usd=230),
        move("inland_waterway", "NLRTM", "DEDUI", RHINE, "DE", "Rhine barge"),
        stop("terminal", "DEDUI", handling_h=12, usd=90),
    ]
    suez = [port, move("sea", "VNHPH", "NLRTM", BY_SUEZ, "", ship), *rhine]
    cape = [port, move("sea", "VNHPH", "NLRTM", BY_CAPE, "", ship), *rhine]
    north = [
        *to_khorgos(),
        move("rail", "KZHOR", "RUPTR", STEPPE, "KZ"),
        stop("border", "RUPTR", border_h=3, usd=0, name="Petropavl"),
        move("rail", "RUPTR", "BYBQT", RUSSIA, "RU"),
        stop("border", "BYBQT", "PLMSZ", border_h=16, usd=40, name="Brest - Terespol"),
        stop("gauge_change", "PLMSZ", handling_h=12, usd=80, name="1520 -> 1435 mm"),
        move("rail", "PLMSZ", "DEDUI", POLAND, "PL"),
        stop("terminal", "DEDUI", handling_h=12, usd=90),
    ]
    caspian = [
        *to_khorgos(),
        move("rail", "KZHOR", "KZAAU", TO_CASPIAN, "KZ"),
        stop("terminal", "KZAAU", handling_h=24, usd=140),
        move("ferry", "KZAAU", "AZALT", CASPIAN, "", "Aktau-Alat feeder", co2e_known=False),
        stop("terminal", "AZALT", handling_h=24, usd=150),
        move("rail", "AZALT", "GEPTI", CAUCASUS, "AZ"),
        stop("terminal", "GEPTI", handling_h=30, usd=160),
        move("sea", "GEPTI", "ROCND", BLACK_SEA, "", "Black Sea feeder"),
        stop("terminal", "ROCND", handling_h=30, usd=160),
        move("rail", "ROCND", "DEDUI", DANUBE, "RO"),
        stop("terminal", "DEDUI", handling_h=12, usd=90),
    ]
    air = [
        move("road", "VNHPH", "VNHAN", VIETNAM[:2], "VN"),
        stop("terminal", "VNHAN", handling_h=8, usd=900),
        move("air", "VNHAN", "DEFRA", [(105.85, 21.03), (8.57, 50.03)], ""),
        stop("terminal", "DEFRA", handling_h=8, usd=800),
        move("road", "DEFRA", "DEDUI", [(8.57, 50.03), (7.6, 50.6), (6.73, 51.43)], "DE"),
    ]
    by_suez = route_of("suez", "Suez", "Суэц", suez)
    beaten = BeatenBy("suez", "Suez", "Суэц", by_suez.time_h, by_suez.cost_usd, by_suez.co2e_kg)
    return RouteResult(
        origin=PLACES["VNHPH"],
        destination=PLACES["DEDUI"],
        shipment={"commodity": "machinery", "commodity_name": "Machinery", "commodity_name_ru": "Машины", "load": "container",
                  "unit": "40ft", "units": 1, "teu": 2.0, "tonnes": 18.0, "value_usd": 150_000.0,
                  "value_of_time_usd_per_t_day": 12.0, "carbon_price_usd_per_t": 50.0},
        coverage={"method": "invented", "truncated": False, "certified": True},
        routes=(
            by_suez,
            route_of("trans_caspian", "Trans-Caspian", "Транскаспийский", caspian),
            route_of("northern", "Northern", "Северный", north),
            route_of("air", "Air", "Авиа", air),
            route_of("cape", "Cape of Good Hope", "Мыс Доброй Надежды", cape, beaten),
        ),
        places=PLACES,
        warnings=("This answer is invented and serves tests only.",),
    )  # fmt: skip
