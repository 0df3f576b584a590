"""The first question: which ways lead from Hai Phong to Duisburg, how long do they take, and what do they cost?

python examples/first_route.py
"""

import keruen

data = keruen.load()
answer = keruen.route(data, "VNHPH", "DEDUI", shipment=keruen.Shipment(commodity="electronics", unit="40ft"))
for way in answer.routes:
    print(f"{way.corridor_name:45} {way.time_h / 24:5.1f} days {way.cost_usd:9,.0f} USD {way.beaten_by or ''}")
