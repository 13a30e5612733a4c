# Reads xUnit.net's XML reports; prints what was skipped and what failed, with the reasons, then the totals.
# One record is one <test> element. Exit code 1 if a test failed or none ran.
BEGIN { RS = "<test " }

function attribute(record, name,    at) {
  at = index(record, " " name "=\"")
  if (!at) return ""
  record = substr(record, at + length(name) + 3)
  return plain(substr(record, 1, index(record, "\"") - 1))
}

function element(record, name,    at) {
  at = index(record, "<" name ">")
  if (!at) return ""
  record = substr(record, at + length(name) + 2)
  record = substr(record, 1, index(record, "</" name ">") - 1)
  gsub(/<!\[CDATA\[|\]\]>/, "", record)
  return plain(record)
}

function plain(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text)
  gsub(/&amp;/, "\\&", text)
  gsub(/\\\\/, "\001", text); gsub(/\\r/, "", text); gsub(/\\n/, "\n", text); gsub(/\\"/, "\"", text); gsub(/\001/, "\\", text)
  return text
}

function indented(text) {
  gsub(/\n/, "\n    ", text)
  return "    " text
}

# The part before the first test holds the assembly's own errors, such as a clean-up that threw.
/<assembly / { errors = attribute($0, "errors"); if (errors + 0) { failed += errors; failures = failures "  " attribute($0, "name") ": " errors " error(s) outside a test\n" } }
/ result="Pass"/ { passed++ }
/ result="Skip"/ { skipped++; skips = skips "  " attribute($0, "name") "\n" indented(element($0, "reason")) "\n" }
/ result="Fail"/ {
  failed++
  failures = failures "  " attribute($0, "name") "\n" indented(element($0, "message")) "\n" indented(element($0, "stack-trace")) "\n"
}

END {
  RS = "\n"
  while ((getline line < broken) > 0) { failed++; failures = failures "  " line "\n" }
  if (skips != "") printf "Skipped:\n%s", skips
  if (failures != "") printf "Failed:\n%s", failures
  if (passed + failed == 0) print "No test ran."
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit (failed > 0 || passed == 0)
}
