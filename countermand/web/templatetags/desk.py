"""Every part of the desk under one name: {% load desk %}. The parts are shown on /design."""

from django import template

from countermand.web.parts import charts, fields, figures, frame, helping, holders, marks
from countermand.web.templatetags import readable, shown

register = template.Library()

for room in (marks, holders, fields, figures, charts, frame, helping, readable, shown):
    register.tags.update(room.register.tags)
    register.filters.update(room.register.filters)
