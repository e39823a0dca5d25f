#!/bin/sh
# One night: a crawl into ./pypi, then its site in ./site. What is given goes to the crawl. See docs/site.md.
set -eu
if [ "$#" -eq 0 ]; then exec release-audit crawl --help; fi
code=0
release-audit crawl --dataset pypi "$@" || code=$?
# 4: what was reached is committed, the rest is asked for tomorrow. Any other code: nothing is new.
if [ "$code" -ne 0 ] && [ "$code" -ne 4 ]; then exit "$code"; fi
release-audit site --dataset pypi --out site ${BASE_URL:+--base-url "$BASE_URL"}
exit "$code"
