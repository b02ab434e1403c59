#!/bin/sh
rm "$NMZ_WORKING_DIR/counter"
