// A second flow of the same name.

export async function move(): Promise<string> {
  return 'moved'
}
