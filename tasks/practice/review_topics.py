"""What the reviews of practice_sentiment are about: twelve subjects, their parts, and plain facts about them.

An aspect is written "the soup:food"; the word after the colon names its adjectives (review_words.py), a star marks a plural ("the jokes*:story").
"""

from __future__ import annotations

from dataclasses import dataclass

from tasks.practice.english import listed


@dataclass(frozen=True)
class Topic:
    """One subject of reviews."""

    noun: str                     # "film"
    kind: str                     # which adjectives fit the whole of it
    used: str                     # the participle in "I have never ... a worse film"
    aspects: tuple[str, ...]
    facts: tuple[str, ...]        # verb phrases that state something and judge nothing


TOPICS = (
    Topic("film", "story", "seen", listed("""the plot:story, the acting:story, the jokes*:story, the leading man:people, the dialogue:story,
          the final scene:story, the soundtrack:sound, the camerawork:any, the chase scenes*:story, the costumes*:any"""),
          ("runs for just over two hours", "is set in a small port town", "follows three sisters over one summer", "opens in cinemas on Friday",
           "was shot in black and white", "is based on a stage play", "has subtitles in English and French")),
    Topic("novel", "story", "read", listed("""the plot:story, the prose:story, the opening chapter:story, the heroine:people, the ending:story,
          the dialogue:story, the minor characters*:people, the translation:any, the middle section:story"""),
          ("has twenty-two chapters", "is told by a retired judge", "takes place in a mountain village", "was first printed in 1987",
           "comes with a map and a family tree", "begins with a letter to a stranger")),
    Topic("dinner", "food", "eaten", listed("""the soup:food, the bread:food, the waiter:people, the vegetables*:food, the fish:food,
          the dessert:food, the sauce:food, the dining room:room, the dumplings*:food, the service:any"""),
          ("came in three courses", "was served at eight", "cost about as much as a train ticket", "included a glass of water and coffee",
           "was cooked by two brothers from Naples", "began with soup and ended with cheese")),
    Topic("hotel", "room", "stayed in", listed("""the bedroom:room, the bathroom:room, the receptionist:people, the breakfast:food, the lobby:room,
          the staff*:people, the mattress:any, the rooms*:room, the view:any, the porter:people"""),
          ("stands opposite the station", "has forty rooms on four floors", "closes its front door at midnight", "was built as a bank",
           "offers breakfast from seven to ten", "has a lift and a car park")),
    Topic("camera", "device", "owned", listed("""the screen:device, the menus*:device, the battery:device, the zoom:device, the shutter:device,
          the instructions*:any, the pictures*:any, the app:device, the buttons*:device"""),
          ("comes with a strap and two batteries", "weighs less than a bag of sugar", "is sold in grey and in blue", "saves its pictures on a card",
           "charges through a cable", "was announced in the spring")),
    Topic("concert", "sound", "heard", listed("""the singer:people, the drumming:sound, the encore:sound, the band:sound, the brass section:sound,
          the guitar solos*:sound, the support act:sound, the new songs*:sound, the hall:room, the string players*:sound"""),
          ("began at half past seven", "took place in the old town hall", "had one interval of twenty minutes", "was recorded for the radio",
           "opened with two songs from the first album", "ended shortly after ten")),
    Topic("train ride", "any", "taken", listed("""the carriage:room, the conductor:people, the seats*:any, the coffee:food, the sleeping car:room,
          the scenery:any, the dining car:room, the sandwiches*:food, the crew*:people"""),
          ("takes four hours with one change", "leaves from platform nine", "follows the coast for an hour", "stops in seven small towns",
           "crosses the border before noon", "costs less at the weekend")),
    Topic("exhibition", "any", "visited", listed("""the paintings*:any, the guide:people, the audio tour:story, the lighting:any, the catalogue:story,
          the first room:room, the sculptures*:any, the captions*:story, the attendants*:people"""),
          ("fills three rooms on the ground floor", "shows sixty prints and two films", "is open until the end of May", "moves to Lisbon in the autumn",
           "is free for children under twelve", "brings together maps from four countries")),
    Topic("podcast", "story", "listened to", listed("""the hosts*:people, the interviews*:story, the music:sound, the first episode:story,
          the narrator:people, the sound editing:sound, the guests*:people, the scripts*:story, the theme tune:sound"""),
          ("comes out every other Tuesday", "has run for three seasons", "lasts about forty minutes", "is made by two former teachers",
           "covers one invention at a time", "is recorded in a spare bedroom")),
    Topic("play", "story", "seen", listed("""the staging:any, the cast*:people, the second act:story, the monologues*:story, the set:any,
          the lead actress:people, the fight scenes*:story, the chorus:sound, the script:story"""),
          ("has a cast of nine", "takes place in a single kitchen", "lasts ninety minutes without a break", "was written in the fifties",
           "moves to a larger theatre in June", "is performed with live music")),
    Topic("vacuum cleaner", "device", "owned", listed("""the motor:device, the hose:device, the filter:device, the handle:device, the brushes*:device,
          the manual:any, the cable:device, the wheels*:device, the switch:device"""),
          ("has a cable of six metres", "comes with three brushes", "holds two litres of dust", "was made in Sweden", "is sold without bags",
           "carries a guarantee of five years")),
    Topic("evening class", "any", "taken", listed("""the teacher:people, the exercises*:story, the lectures*:story, the textbook:story,
          the other students*:people, the homework:story, the classroom:room, the slides*:story, the tutor:people"""),
          ("meets on Tuesdays at seven", "runs for ten weeks", "ends with a short test", "takes place above the library",
           "is open to beginners", "covers drawing in ink and pencil")),
)
