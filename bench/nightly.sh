#!/usr/bin/env bash
# What takes too long for every change: many seeds, many made-up cases, and the benches. About an hour and a quarter.
set -euo pipefail
cd "$(dirname "$0")/.."

# other cases every night; a night is repeated with its seed
seed="${SLSOPS_FUZZ_SEED:-$(date +%Y%m%d)}"
echo "seed $seed"
failed=()
step() {
  echo "== $*"
  "$@" || failed+=("$*")
}

npm run --silent build
step npx node bench/soak.ts --seeds "${SEEDS:-300}" --from "$seed"
step npx node bench/fuzz-traces.ts --seed "$seed"
step env SLSOPS_FUZZ_SEED="$seed" SLSOPS_FUZZ_RUNS="${RUNS:-50}" \
  npx vitest run --testTimeout 1800000 properties test/ui/log-screen.test.ts
for bench in throughput quota startup trace fleet tune-replay tune-flags tune-kill shift-kill shift-judge traffic traffic-startup peers; do
  step npx node "bench/$bench.ts"
done

for what in "${failed[@]}"; do echo "!! FAILED: $what"; done
[ "${#failed[@]}" -eq 0 ]
