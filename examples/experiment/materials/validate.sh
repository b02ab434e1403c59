#!/bin/sh
# Two workers have added 1 each.
test "$(cat "$NMZ_WORKING_DIR/counter")" = 2
