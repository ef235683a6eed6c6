// Not TypeScript.

export const broken = adapter('broken', {
  backend: cicsSocket(,
})
