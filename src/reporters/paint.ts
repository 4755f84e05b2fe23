import { styleText } from 'node:util'

export type Color = 'bold' | 'dim' | 'red' | 'yellow' | 'blue' | 'green'

/** Puts text into a colour, or leaves it alone where colours are off. */
export type Paint = (color: Color, text: string) => string

/** Whether colours are wanted was decided by the caller: no stream and no variable is asked again. */
export function painter(on: boolean): Paint {
  if (!on) return (_, text) => text
  return (color, text) => styleText(color, text, { validateStream: false })
}
