import { describe, test } from 'vitest'
import { judge } from './judge.ts'
import { serverStopped } from './kinds.ts'
import { scenarios } from './scenario.ts'
import { named, restartable, strike } from './strike.ts'

describe.each(named([serverStopped]))('%s', (_, kind) => {
  test.for(named(scenarios))('%s', async ([, scenario], { task }) => {
    judge(task, await strike(scenario, kind, await Promise.all([restartable(), restartable()])))
  })
})
