#!/bin/sh
# Registers the namespace and the search attributes that Mainspan writes. May run again.
set -eu

until temporal operator cluster health; do sleep 2; done

namespace=${TEMPORAL_NAMESPACE:-default}
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$namespace" --retention 30d

attribute() { # NAME TYPE
  attempt=0
  # A new namespace reaches the frontend's cache after some seconds.
  until temporal operator search-attribute create --namespace "$namespace" --name "$1" --type "$2"; do
    attempt=$((attempt + 1))
    [ "$attempt" -lt 20 ] || exit 1
    sleep 2
  done
}

attribute MainspanState Keyword
attribute MainspanReason Keyword
attribute MainspanAdapter Keyword
attribute MainspanTransaction Keyword
attribute MainspanParkedAt Datetime
