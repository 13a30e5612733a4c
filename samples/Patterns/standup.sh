#!/usr/bin/env bash
# Six specialists pitch at the same time; ghost compiles what they said.
source "$(dirname -- "${BASH_SOURCE[0]}")/team.sh"

team tesla aaron barnum bond patton buffett
"$parley" spawn ghost "What should we build next?" --wait
