"""How exposed are the titanium of Europe and the lithium of Vietnam to a strait or a border, and what does it take to go round?

Run it from anywhere: python examples/exposed_to_a_strait.py
"""

import keruen

data = keruen.load()
for material, buyer in (("titanium_metal", "EU"), ("lithium", "Vietnam")):
    found = keruen.exposure(data, material, buyer)
    print(
        f"{found.material} for {found.buyer}: supply risk {found.risk:.1f}, concentration over ways {found.route_hhi:.2f}"
    )
    for thing in found.things[:6]:
        failure = thing.failure
        added = "" if failure.added_h is None else f", {failure.added_h / 24:+.0f} days, {failure.added_cost:+.0%} cost"
        print(f"  {thing.name:28} {failure.share:4.0%} of supply; if it fails {failure.lost:.0%} is lost{added}")
