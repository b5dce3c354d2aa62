import {writeSync} from 'node:fs'

/** Loaded before a measured program (`node --import`): at its end it tells on descriptor 3 what the process used. */
process.on('exit', () => {
  const {maxRSS, userCPUTime, systemCPUTime} = process.resourceUsage()
  writeSync(3, JSON.stringify({peakRssMB: maxRSS / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000}))
})
