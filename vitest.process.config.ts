import {defineConfig} from 'vitest/config'

// The built binary in processes of its own: `npm run build` first.
export default defineConfig({
  test: {include: ['test/process/**/*.test.ts'], testTimeout: 60_000, maxWorkers: 2, maxConcurrency: 16},
})
