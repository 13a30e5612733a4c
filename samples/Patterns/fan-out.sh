#!/usr/bin/env bash
# Fan-out: three work at the same time on one task; ghost merges their results.
source "$(dirname -- "${BASH_SOURCE[0]}")/team.sh"

team tesla aaron barnum
"$parley" spawn ghost "fan out: tesla aaron barnum — Plan the invoice service" --wait
