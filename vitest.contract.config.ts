import {defineConfig} from 'vitest/config'

// The same expectations against the embedded AWS and against servers nobody here wrote.
export default defineConfig({
  test: {include: ['test/contract/**/*.test.ts'], testTimeout: 60_000, maxWorkers: 2},
})
