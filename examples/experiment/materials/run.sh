#!/bin/sh
echo 0 > "$NMZ_WORKING_DIR/counter"
"$NMZ_MATERIALS_DIR/worker.sh" anne &
sleep 0.06
"$NMZ_MATERIALS_DIR/worker.sh" bert
wait
