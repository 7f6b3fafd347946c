"""Words of opinion for practice_sentiment: adjectives by what they can describe, degrees, verbs and idioms, each with its value.

Values run from -3 (as bad as can be) over 0 (no opinion) to +3 (as good as can be). Every fifth word of a line is held out of training
(see chooser.py), so the order inside a line matters.
"""

from __future__ import annotations

from tasks.practice.english import listed

# ADJECTIVES[kind][value]: "any" fits everything; the other kinds fit one sort of thing, so that no soup is ever gripping.
ADJECTIVES = {
    "any": {
        3: listed("superb, wonderful, outstanding, brilliant, sublime, magnificent, marvellous, exceptional, fantastic, glorious, perfect"),
        2: listed("good, impressive, enjoyable, lovely, commendable, appealing, satisfying, admirable, pleasing, delightful"),
        1: listed("decent, fine, pleasant, respectable, agreeable, solid"),
        -1: listed("forgettable, uneven, underwhelming, tired, lacklustre, unexciting, flawed"),
        -2: listed("bad, disappointing, poor, weak, tiresome, annoying, unpleasant, irritating, second-rate, unsatisfying"),
        -3: listed("dreadful, terrible, awful, appalling, abysmal, atrocious, horrible, horrendous, dire, wretched"),
    },
    "story": {
        3: listed("unforgettable, breathtaking, spellbinding, masterly, mesmerising, dazzling"),
        2: listed("gripping, moving, funny, clever, absorbing, witty, inventive, touching, thoughtful, engrossing"),
        1: listed("amusing, diverting, lively, pleasant enough, easy to follow"),
        -1: listed("predictable, slow, overlong, familiar, thin, sentimental"),
        -2: listed("boring, dull, tedious, confusing, dreary, muddled, contrived, shallow, pretentious, plodding"),
        -3: listed("unbearable, excruciating, insufferable, laughable, mind-numbing, idiotic"),
    },
    "people": {
        3: listed("captivating, irresistible, saintly, adorable, inspiring"),
        2: listed("friendly, kind, warm, attentive, gracious, helpful, engaging, convincing, patient, courteous"),
        1: listed("polite, civil, capable, competent, affable"),
        -1: listed("distracted, stiff, distant, wooden, brusque"),
        -2: listed("rude, unfriendly, arrogant, impatient, surly, unhelpful, careless, grumpy, condescending, sullen"),
        -3: listed("insufferable, hateful, obnoxious, vile, loathsome"),
    },
    "food": {
        3: listed("exquisite, divine, heavenly, mouth-watering, scrumptious"),
        2: listed("tasty, delicious, fresh, fragrant, flavoursome, tender, appetising, well seasoned, moreish"),
        1: listed("filling, warm, wholesome, acceptable, palatable"),
        -1: listed("bland, lukewarm, plain, dry, watery"),
        -2: listed("greasy, soggy, overcooked, stale, rubbery, tasteless, oily, limp, unappetising"),
        -3: listed("inedible, disgusting, revolting, vile, nauseating"),
    },
    "room": {
        3: listed("gorgeous, stunning, immaculate, luxurious, palatial"),
        2: listed("cosy, clean, comfortable, spacious, airy, inviting, bright, quiet, well kept, homely"),
        1: listed("tidy, neat, roomy enough, serviceable, presentable"),
        -1: listed("dated, plain, draughty, cluttered, drab"),
        -2: listed("dirty, cramped, shabby, noisy, dingy, gloomy, stuffy, grubby, damp, musty"),
        -3: listed("filthy, disgusting, uninhabitable, squalid, hideous"),
    },
    "device": {
        3: listed("faultless, phenomenal, ingenious, flawless, stupendous"),
        2: listed("reliable, practical, elegant, clever, well designed, sturdy, handy, efficient, well made, dependable"),
        1: listed("usable, workable, adequate, good enough for the price, functional"),
        -1: listed("basic, fiddly, dated, awkward, old-fashioned"),
        -2: listed("clunky, unreliable, flimsy, frustrating, cumbersome, impractical, badly designed, poorly made, clumsy, shoddy"),
        -3: listed("useless, infuriating, hopeless, ridiculous, worthless"),
    },
    "sound": {
        3: listed("electrifying, breathtaking, spine-tingling, ravishing, transcendent"),
        2: listed("thrilling, rousing, rich, crisp, melodious, soulful, energetic, tight, stirring, infectious"),
        1: listed("tuneful, easy on the ear, clear enough, lively, harmonious"),
        -1: listed("repetitive, thin, muffled, restrained to a fault, toneless"),
        -2: listed("shrill, out of tune, grating, lifeless, tinny, plodding, harsh, tuneless, sloppy, jarring"),
        -3: listed("deafening, unbearable, excruciating, painful, ear-splitting"),
    },
}
NEUTRAL_ADJECTIVES = listed("average, ordinary, unremarkable, so-so, middling, standard, passable, unexceptional, run-of-the-mill")

# Degrees move a value away from zero or towards it; which of them an adjective accepts depends on its value (see sentiment_phrases.py).
STRENGTHENERS = listed("extremely, incredibly, remarkably, terribly, exceptionally, astonishingly, amazingly, immensely, overwhelmingly")
CONFIRMERS = listed("absolutely, utterly, simply, truly, downright, positively, completely")  # only with words that are already extreme
SOFTENERS = {+1: listed("fairly, rather, quite, reasonably, moderately"), -1: listed("slightly, somewhat, a little, rather, mildly, a bit")}

# Negations come in three strengths; sentiment_rules.py says what each does to a value.
FAINT_NEGATIONS = listed("not especially, not particularly, not very, not all that, not overly")
NEGATIONS = listed("not exactly, hardly, never, scarcely, not")
REVERSALS = listed("anything but, by no means, far from, in no way, not in the least, not remotely")

VERBS = {  # "I ... the acting": affirmative form, base form for "did not ..."
    3: (("adored", "adore"), ("loved", "love"), ("could have hugged", ""), ("was bowled over by", ""), ("marvelled at", "")),
    2: (("enjoyed", "enjoy"), ("liked", "like"), ("admired", "admire"), ("was taken with", ""), ("savoured", "savour"), ("was pleased with", "")),
    -2: (("disliked", "dislike"), ("was let down by", ""), ("regretted", "regret"), ("was tired of", ""), ("resented", "resent"), ("could not stand", "")),
    -3: (("hated", "hate"), ("loathed", "loathe"), ("despised", "despise"), ("detested", "detest"), ("was appalled by", "")),
}

IDIOMS = {  # whole clauses that fit any review; the opinion is in the meaning, not in one word
    3: ("I could not have asked for more", "I would not change a single thing", "I have told everyone about it", "it took my breath away",
        "I was sorry when it was over", "nothing could have spoiled it", "it made my year", "I have never been so happy to part with my money",
        "there was not one weak moment", "words cannot do it justice"),
    2: ("I would recommend it to a friend", "it put a smile on my face", "it won me over", "I would come back for more", "it grew on me",
        "it was worth every penny", "time flew by", "I left in a good mood", "it was well worth the trip", "it brightened my week"),
    1: ("I have no complaints", "it did the job", "there was little to complain about", "I did not mind it", "it passed the time nicely"),
    -1: ("something was missing", "I had hoped for more", "it never quite came together", "it needed more work", "it promised more than it gave"),
    -2: ("I would not recommend it to a friend", "I kept looking at my watch", "it got on my nerves", "I will not be coming back",
         "it was not worth the trip", "I left in a bad mood", "it tried my patience", "my money would have been better spent elsewhere",
         "it left a bitter taste", "I wished I had stayed at home"),
    -3: ("I want my money back", "I would not wish it on anyone", "it ruined my week", "I could not wait for it to be over",
         "it was beyond saving", "there was not one good moment", "it was a complete waste of money", "never again, not even for free",
         "I have never been so glad to go home", "it made me want to scream"),
}
