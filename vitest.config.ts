import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/process/**', 'test/contract/**'],
    isolate: false,
    testTimeout: 15_000,
    env: {TZ: 'UTC', AWS_EC2_METADATA_DISABLED: 'true'},
    coverage: {provider: 'v8', include: ['src/**'], reporter: ['text-summary', 'json-summary']},
  },
})
