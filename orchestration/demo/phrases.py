"""What the simulated people are called, buy and say."""

from __future__ import annotations

FIRST_NAMES = (
    "Anna", "Ben", "Clara", "David", "Elif", "Felix", "Greta", "Hannah", "Ivan", "Jana", "Karim",
    "Lena", "Marek", "Nina", "Oskar", "Paula", "Quentin", "Rosa", "Sami", "Tilda", "Umut", "Vera",
    "Wim", "Yara", "Zoe", "Aaron", "Britta", "Chiara", "Dario", "Emma", "Fatima", "Georg",
    "Helene", "Ines", "Jonas", "Katja", "Luca", "Mara", "Noah", "Olga", "Pieter", "Renate",
    "Simon", "Thea", "Ulrich", "Victor",
)  # fmt: skip
LAST_NAMES = (
    "Adler", "Bauer", "Costa", "DeVries", "Ebner", "Fischer", "Gruber", "Huber", "Ilic",
    "Janssen", "Keller", "Lang", "Moreau", "Novak", "Olsen", "Petit", "Quast", "Richter",
    "Schmidt", "Tanner", "Ulmer", "Vogel", "Wagner", "Yilmaz", "Zimmer", "Arslan", "Brandt",
    "Claes", "Dubois", "Engel", "Frank", "Gomez", "Hartmann", "Iwanow", "Jung", "Koch", "Lehmann",
    "Meyer", "Neumann", "Otto",
)  # fmt: skip

CATEGORIES = ("Kitchen", "Garden", "Lighting", "Textiles", "Storage", "Outdoor")
PRODUCT_NOUNS = (
    ("Kettle", "Pan", "Knife set", "Mixer", "Teapot", "Board", "Scale", "Grinder"),
    ("Planter", "Hose", "Trowel", "Lantern", "Bench", "Feeder", "Rake", "Pot"),
    ("Desk lamp", "Floor lamp", "Pendant", "String lights", "Spot", "Bulb set", "Sconce", "Shade"),
    ("Blanket", "Cushion", "Towel set", "Rug", "Curtain", "Apron", "Throw", "Bed linen"),
    ("Box", "Shelf", "Basket", "Hook rail", "Drawer", "Rack", "Trunk", "Organiser"),
    ("Tent", "Cooler", "Hammock", "Grill", "Chair", "Flask", "Backpack", "Torch"),
)
PRODUCTS = tuple(
    f"{category} {noun}"
    for category, nouns in zip(CATEGORIES, PRODUCT_NOUNS, strict=True)
    for noun in nouns
)

REASONS = ("delivery", "damaged", "return", "billing", "account", "product")
SUBJECTS = (
    "Where is my order?",
    "Item arrived broken",
    "I want to send this back",
    "A question about my invoice",
    "I cannot log in",
    "Which size do I need?",
)
QUESTIONS = (
    "My parcel should have been here by now. Can you tell me where it is?",
    "The box was crushed and the item inside is broken. What do I do?",
    "It does not fit. Please send me a label so that I can return it.",
    "The amount on my invoice is not what I paid. Please check.",
    "The reset link does not work and I am locked out of my account.",
    "Before I order again: which size goes with the one I have?",
)
REPLIES = (
    "Thank you for writing. I have asked the carrier and will come back to you.",
    "I am sorry about that. Could you send me a photo of it?",
    "I have looked into it. Please tell me whether this settles it for you.",
    "That is now corrected. You will get a confirmation by e-mail.",
)
FOLLOW_UPS = (
    "Here is what you asked for.",
    "Thanks, but that does not answer my question.",
    "I am still waiting. What is the state of this?",
)
AUTO_REPLY = "We have received your message and will answer within one working day."
NOTE = "Waiting for the carrier's investigation."

COMMENTS = {
    "delivery": (
        "Arrived days after the promised date and nobody told me.",
        "Delivery was far too late, I had to buy it elsewhere.",
        "The tracking page said delivered, but there was no parcel.",
        "Box damaged and late. Not again.",
        "It came, a bit later than I hoped.",
        "Packaging could be smaller, otherwise fine.",
        "Delivery was all right.",
        "Fast delivery and well packed.",
        "Came a day early, great!",
        "Exactly as ordered, the courier was friendly.",
    ),
    "support": (
        "I had to explain the same thing three times.",
        "It took days until somebody answered.",
        "They closed my ticket and nothing was solved.",
        "Sent from one team to the next.",
        "Solved in the end, but it took a while.",
        "Fine, though the answer was rather generic.",
        "Acceptable.",
        "Quick and friendly help.",
        "One message and it was solved, thank you!",
        "The agent knew exactly what to do.",
    ),
    "brand": (
        "Too many late parcels, I am looking for another shop.",
        "Support is hard to reach when something goes wrong.",
        "Prices went up and quality went down.",
        "The checkout on my phone keeps failing.",
        "Good products, slow delivery.",
        "Neither good nor bad.",
        "The range could be larger.",
        "I like the products and the site is easy to use.",
        "Always reliable, I recommend you to friends.",
        "Best shop for the home that I know.",
    ),
}
"""Comments by subject: the first four are angry, the next three lukewarm, the last three happy."""
ANGRY, LUKEWARM, HAPPY = slice(0, 4), slice(4, 7), slice(7, 10)
