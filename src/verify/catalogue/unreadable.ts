/** Stands for an aspect that the role may not read: no difference is claimed for it. */
export const unreadable = 'not readable by this role'
