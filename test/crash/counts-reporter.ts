import type { Reporter, TestCase, TestModule } from 'vitest/node'

declare module 'vitest' {
  interface TaskMeta {
    /** At how many points a test did its harm, and at how many of them something was wrong afterwards. */
    readonly struck?: { readonly points: number; readonly wrong: number }
  }
}

/** Says at the very end how much was tried, for each kind of harm and in all: `scenarios × points`, and what was lost. */
export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const kinds = new Map<string, TestCase[]>()
    for (const test of tests.filter((one) => one.meta().struck !== undefined)) {
      const kind = test.parent.type === 'suite' ? test.parent.name : test.name
      kinds.set(kind, [...(kinds.get(kind) ?? []), test])
    }
    const notPassed = tests.filter((test) => test.result().state !== 'passed').length
    const lines = [
      ...[...kinds].map(([kind, ofKind]) => `  ${kind}: ${countsOf(ofKind)}`),
      `crash matrix: ${countsOf([...kinds.values()].flat())}; ${tests.length} tests, ${notPassed} not passed`,
    ]
    // Behind what other reporters have to say.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`))
  }
}

function countsOf(tests: readonly TestCase[]): string {
  const struck = tests.flatMap((test) => test.meta().struck ?? [])
  const points = struck.reduce((sum, one) => sum + one.points, 0)
  const wrong = struck.reduce((sum, one) => sum + one.wrong, 0)
  return `${struck.length} scenarios × their points = ${points} points, ${wrong} wrong afterwards`
}
