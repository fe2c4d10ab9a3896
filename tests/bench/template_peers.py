# SPDX-License-Identifier: Apache-2.0
"""Jinja2 on the data that hab-bench-template wrote: template_peers.py DIR.
Prints "engine<tab>work<tab>microseconds", medians."""
import json
import pathlib
import statistics
import sys
import time

import jinja2

MEMBERS = """global
  maxconn {{ cfg.maxconn }}
  user {{ pkg.svc_user }}
{% if cfg.log %}
  log {{ cfg.log }}
{% endif %}
backend app
{% for m in bind.backend.members %}
{% if m.alive %}
  server {{ m.member_id }} {{ m.sys.ip }}:{{ m.cfg.port }}
{% endif %}
{% endfor %}
"""
TABLE = ("{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>\n"
         "{% endfor %}")


def median(work, runs):
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e6


def main():
    directory = pathlib.Path(sys.argv[1])
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, cache_size=0)
    for name, work, text in (("members", "100 members", MEMBERS), ("table", "100 x 100", TABLE)):
        data = json.loads((directory / (name + ".json")).read_text())
        template = environment.from_string(text)
        template.render(data)
        print(f"jinja2\tcompile, {work}\t{median(lambda: environment.from_string(text), 60):.1f}")
        print(f"jinja2\trender, {work}\t{median(lambda: template.render(data), 100):.1f}")


main()
