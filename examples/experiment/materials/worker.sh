#!/bin/sh
# worker.sh NAME: adds 1 to the counter, as programs do that know no locks
"$NMZ_MATERIALS_DIR/ask.sh" "$1" read
value=$(cat "$NMZ_WORKING_DIR/counter")
"$NMZ_MATERIALS_DIR/ask.sh" "$1" write
echo $((value + 1)) > "$NMZ_WORKING_DIR/counter"
