"""Common English words, each a whole piece in the vocabulary of `tiny`; other words fall apart into characters."""

from __future__ import annotations

WORDS = """
the of and to in is was it for on with as that by at from are this be or an his her she he they we you not but have had has were which their
its one all there been if more when will would who so no out up into than them can only other time new some could these two may first then do
any my now over such our me even most made after also did many must before through back years where much your way well down should because long
each just those people mr how too little state good very make world still own see men work here get both between life being under never day same
another know while last might us great old year off come since against go came right used take three states himself few house use during without
again place american around however home small found mrs thought went say part once general high upon school every don does got united left
number course war until always away something fact though water less public put think almost hand enough far took head yet government system
better set told nothing night end why called didn eyes find going look asked later knew point next program city business give group toward young
days let room word words sentence sentences story movie film films actor actors scene scenes plot character characters comedy drama funny
boring dull bad best worst awful terrible wonderful beautiful brilliant charming clever love loved like liked hate hated enjoy enjoyed fun
happy sad warm cold slow fast strong weak true false real acting director audience watch watching music song book books author read reading
write writing hello neural network networks language natural learning machine computer model data train training test student teacher question
answer questions answers best india money cost price learn become start stop help need want wants does doing done man woman boy girl child
children dog dogs cat cats horse bird playing plays play running runs run walking sitting standing riding eating cooking guitar piano ball
street car cars train plane bike red blue green black white brown yellow big large little tall short grass field beach river mountain tree
country president minister police officials government says said killed people attack court law party election vote today week month
monday tuesday friday million percent market shares company companies stock down report news after china russia iran syria
phone email internet website account password google facebook quora instagram difference between possible way ways thing things anything
""".strip()
