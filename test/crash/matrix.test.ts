import { describe, test } from 'vitest'
import { judge } from './judge.ts'
import { answerLost, cut, killed, terminated, toldToEnd } from './kinds.ts'
import { scenarios } from './scenario.ts'
import { named, shared, strike } from './strike.ts'

describe.each(named([cut, answerLost, killed, terminated, toldToEnd]))('%s', (_, kind) => {
  test.for(named(scenarios))('%s', async ([, scenario], { task }) => {
    judge(task, await strike(scenario, kind, [shared()]))
  })
})
