"""Words of the sentence and question builders of practice_paraphrase. Every fifth entry of a table is held out of training (see chooser.py)."""

from __future__ import annotations

from tasks.practice.english import listed

NAMES = listed("Anna, Tom, Maria, Omar, Ingrid, Paul, Lucy, Victor, Hannah, Kofi, Elena, Samuel, Priya, George, Mei")

# What somebody did: past tense and -ing form.
DEEDS = (("locked the shop", "locking the shop"), ("fed the cat", "feeding the cat"), ("called a taxi", "calling a taxi"),
         ("paid the bill", "paying the bill"), ("watered the plants", "watering the plants"), ("read the newspaper", "reading the newspaper"),
         ("had breakfast", "having breakfast"), ("opened the window", "opening the window"), ("wrote to the bank", "writing to the bank"),
         ("packed a suitcase", "packing a suitcase"), ("took a shower", "taking a shower"), ("cleaned the stove", "cleaning the stove"),
         ("went for a run", "going for a run"), ("switched off the lights", "switching off the lights"), ("signed the contract", "signing the contract"),
         ("spoke to the manager", "speaking to the manager"), ("bought a ticket", "buying a ticket"), ("called the office", "calling the office"))

# Two states of affairs of which either could cause the other.
CAUSES = (("the road was closed", "the traffic was heavy"), ("the team lost", "the coach resigned"), ("the shop was empty", "the prices were high"),
          ("the baby cried", "the dog barked"), ("the guests left", "the music stopped"), ("the pupils were noisy", "the teacher was angry"),
          ("the company lost money", "its director left"), ("the river was high", "the fields were wet"), ("nobody came", "the party was a failure"),
          ("the lights went out", "the lift stopped"), ("the actors were nervous", "the audience laughed"), ("the boat was late", "the crew was tired"))

# Comparative and its opposite, with things that can be compared so.
COMPARED = (("longer", "shorter", "long", listed("the Danube, the Rhine, the Loire, the Thames, the Elbe")),
            ("older", "younger", "old", NAMES), ("taller", "shorter", "tall", NAMES),
            ("cheaper", "more expensive", "cheap", listed("the train, the coach, the ferry, the plane, the night bus, a taxi, a hired car")),
            ("bigger", "smaller", "big", listed("Lisbon, Vienna, Dublin, Oslo, Prague, Athens, Ghent")),
            ("faster", "slower", "fast", listed("the ferry, the tram, the red car, the old van, the night train, the school bus")),
            ("heavier", "lighter", "heavy", listed("the oak desk, the piano, the blue suitcase, the black trunk, the safe, the anvil")),
            ("warmer", "colder", "warm", listed("Seville, Tunis, Naples, Malta, Cairo, Lima")))

# A group, what its members may do, and the opposite of doing it (past, base form, opposite past, opposite base form).
GROUPS = (("guests", "stayed", "stay", "left", "leave"), ("students", "passed", "pass", "failed", "fail"),
          ("members", "agreed", "agree", "refused", "refuse"), ("patients", "recovered", "recover", "remained ill", "remain ill"),
          ("players", "won", "win", "lost", "lose"), ("children", "woke up", "wake up", "stayed asleep", "stay asleep"),
          ("shops", "opened", "open", "remained shut", "remain shut"), ("letters", "arrived on time", "arrive on time", "came late", "come late"),
          ("witnesses", "told the truth", "tell the truth", "lied", "lie"), ("candles", "burned", "burn", "went out", "go out"),
          ("workers", "kept quiet", "keep quiet", "spoke up", "speak up"), ("boats", "floated", "float", "sank", "sink"))
SETTINGS = listed("""after the speech, on the first day, that evening, in the end, last winter, before the holidays, during the strike, in the first round,
                     despite the rain, at the second attempt""")

# Questions about going one way: two ends, and pairs of wordings that ask the same ("{a}" to "{b}").
CITIES = listed("Paris, Madrid, Rome, Berlin, Warsaw, Geneva, Hamburg, Milan, Lyon, Krakow, Zurich, Porto, Antwerp, Bergen, Turin")
TRAVEL = (("How do I get from {a} to {b} by train?", "What is the best way to reach {b} from {a} by rail?"),
          ("How long does it take to drive from {a} to {b}?", "How many hours is it by car to {b} from {a}?"),
          ("Is there a night bus from {a} to {b}?", "Can I reach {b} from {a} on a night bus?"),
          ("What does a flight from {a} to {b} cost?", "How much must I pay to fly to {b} from {a}?"),
          ("How can I send a parcel from {a} to {b}?", "What should I do to have a package from {a} delivered in {b}?"),
          ("Who was the first to walk from {a} to {b}?", "Which person first went on foot to {b} starting in {a}?"))
LANGUAGES = listed("French, German, Spanish, Polish, Greek, Turkish, Italian, Dutch, Danish, Portuguese, Arabic, Finnish")
CHANGE = (("How do I translate a letter from {a} into {b}?", "What is the easiest way to turn {a} letters into {b}?"),
          ("Is it hard for speakers of {a} to learn {b}?", "Do people who speak {a} find {b} difficult?"),
          ("How many {a} words come from {b}?", "What number of words did {a} take over from {b}?"),
          ("Can {a} speakers understand {b}?", "Is {b} understood by people who speak {a}?"),
          ("Which dictionary explains {a} words in {b}?", "Where do I find {a} words with explanations in {b}?"))
PETS = listed("my cat, my dog, the parrot, my son, my little brother, our rabbit, the baby, our neighbour, my aunt, the hamster")
TEASING = (("How do I stop {a} from scaring {b}?", "What can I do so that {b} is no longer scared by {a}?"),
           ("Why does {a} always follow {b} around?", "What makes {a} run after {b} all the time?"),
           ("Is it normal that {a} is jealous of {b}?", "Should I worry that {a} envies {b}?"),
           ("How can I teach {a} to trust {b}?", "What is a good way to make {a} feel safe with {b}?"),
           ("What should I do if {a} bites {b}?", "How should I react when {b} is bitten by {a}?"))

# Things people ask about, in two wordings: base form and -ing form of each.
SKILLS = ((("learn the guitar", "learning the guitar"), ("become a guitar player", "becoming a guitar player")),
          (("lose weight", "losing weight"), ("get slimmer", "getting slimmer")),
          (("save money", "saving money"), ("spend less", "spending less")),
          (("sleep better", "sleeping better"), ("get a good night's rest", "getting a good night's rest")),
          (("grow tomatoes", "growing tomatoes"), ("raise tomato plants", "raising tomato plants")),
          (("write a novel", "writing a novel"), ("become the author of a book", "becoming the author of a book")),
          (("bake bread", "baking bread"), ("make a loaf at home", "making a loaf at home")),
          (("stop smoking", "stopping smoking"), ("give up cigarettes", "giving up cigarettes")),
          (("find a job abroad", "finding a job abroad"), ("get work in another country", "getting work in another country")),
          (("train a puppy", "training a puppy"), ("teach a young dog to obey", "teaching a young dog to obey")),
          (("remove a wine stain", "removing a wine stain"), ("get red wine out of a shirt", "getting red wine out of a shirt")),
          (("learn to swim", "learning to swim"), ("become a swimmer", "becoming a swimmer")),
          (("keep bees", "keeping bees"), ("start a beehive", "starting a beehive")),
          (("repair a flat tyre", "repairing a flat tyre"), ("fix a punctured bicycle wheel", "fixing a punctured bicycle wheel")),
          (("speak in public", "speaking in public"), ("give a talk to a crowd", "giving a talk to a crowd")),
          (("draw a portrait", "drawing a portrait"), ("sketch a face", "sketching a face")),
          (("buy a house", "buying a house"), ("become a home owner", "becoming a home owner")),
          (("paint a bedroom", "painting a bedroom"), ("put a new colour on the walls", "putting a new colour on the walls")),
          (("run a marathon", "running a marathon"), ("finish a race of 42 kilometres", "finishing a race of 42 kilometres")),
          (("adopt a cat", "adopting a cat"), ("take in a homeless kitten", "taking in a homeless kitten")),
          (("learn Spanish", "learning Spanish"), ("master the language of Spain", "mastering the language of Spain")),
          (("start a company", "starting a company"), ("set up a business", "setting up a business")),
          (("build a website", "building a website"), ("put a page on the internet", "putting a page on the internet")),
          (("make new friends", "making new friends"), ("get to know more people", "getting to know more people")))
ASKING = {  # every line asks for something else; the wordings inside a line ask for the same
    "way": ("How can I {base}?", "What is the best way to {base}?", "Which steps should I follow in order to {base}?", "What is a good method for {ing}?"),
    "time": ("How long does it take to {base}?", "How much time do I need to {base}?", "What amount of time is needed for {ing}?"),
    "reason": ("Why should I {base}?", "What are the reasons for {ing}?", "What is the point of {ing}?"),
    "cost": ("How much does it cost to {base}?", "What is the price of {ing}?", "How expensive is it to {base}?"),
    "danger": ("What can go wrong when I {base}?", "What are the risks of {ing}?", "Which dangers are there in {ing}?"),
}
