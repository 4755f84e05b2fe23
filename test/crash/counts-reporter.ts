import type { Reporter, TestModule } from 'vitest/node'

declare module 'vitest' {
  interface TaskMeta {
    /** At how many points a test did its harm, and at how many of them something was wrong afterwards. */
    readonly struck?: { readonly points: number; readonly wrong: number }
  }
}

/** Says at the very end how much was tried: `scenarios × points`, and what was lost. */
export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const struck = tests.flatMap((test) => test.meta().struck ?? [])
    const points = struck.reduce((sum, one) => sum + one.points, 0)
    const wrong = struck.reduce((sum, one) => sum + one.wrong, 0)
    const failed = tests.filter((test) => test.result().state !== 'passed').length
    const line =
      `crash matrix: ${struck.length} scenarios × their points = ${points} points, ${wrong} wrong afterwards; ` +
      `${tests.length} tests, ${failed} not passed\n`
    // Behind what other reporters have to say.
    process.once('exit', () => process.stdout.write(line))
  }
}
