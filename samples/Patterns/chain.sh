#!/usr/bin/env bash
# Chained execution: what tesla makes is handed to aaron, whose result is the output.
source "$(dirname -- "${BASH_SOURCE[0]}")/team.sh"

team tesla aaron
"$parley" spawn ghost "chain: tesla aaron — Plan the invoice service" --wait
