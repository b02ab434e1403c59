#!/bin/sh
# ask.sh ENTITY STEP: tells the orchestrator of a step and waits until it may be done. This is a whole inspector.
set -e
api=http://127.0.0.1:10080/api/v3
id=$1-$2-$$
event='{"type":"event","class":"PacketEvent","deferred":true,"entity":"'$1'","uuid":"'$id'","replay_hint":"'$2'",
  "option":{"src_entity":"'$1'","dst_entity":"counter","message":{"step":"'$2'"}}}'
curl -sf -o /dev/null -d "$event" "$api/events/$1/$id"
action=$(curl -sf "$api/actions/$1" | sed 's/.*"uuid":"\([^"]*\)".*/\1/')
curl -sf -o /dev/null -X DELETE "$api/actions/$1/$action"
