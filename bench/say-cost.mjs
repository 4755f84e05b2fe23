// Loaded before a program: says at its end how much memory it took at most, and how much processor time.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  process.stderr.write(`peak memory ${maxRSS} kB, processor time ${userCPUTime + systemCPUTime} us\n`)
})
