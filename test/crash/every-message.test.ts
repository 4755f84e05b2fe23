import { describe, test } from 'vitest'
import { judge } from './judge.ts'
import { cut, everyMessage, killedBetween } from './kinds.ts'
import { transaction } from './scenario.ts'
import { named, shared, strike } from './strike.ts'

describe.each(named([everyMessage(cut), everyMessage(killedBetween)]))('%s', (_, kind) => {
  test.for(named([transaction]))('%s', async ([, scenario], { task }) => {
    judge(task, await strike(scenario, kind, [shared()]))
  })
})
