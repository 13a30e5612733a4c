#!/usr/bin/env bash
# Fan-in: two work at the same time; buffett gets both results and makes the output.
source "$(dirname -- "${BASH_SOURCE[0]}")/team.sh"

team tesla aaron buffett
"$parley" spawn ghost "fan in: tesla aaron -> buffett — Plan the invoice service" --wait
