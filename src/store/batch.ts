// Many small writes as few statements: what comes while a statement is under way goes into the next one.

export interface BatchOptions<In, Out> {
  /** Writes them together; gives one answer for each, in their order. */
  readonly write: (items: readonly In[]) => Promise<readonly Out[]>
  /** Statements under way at the same time. */
  readonly atOnce: number
  /** Items in one statement at the most. */
  readonly most?: number
  /** How long the first item waits for company. Without it a batch leaves as soon as one may. */
  readonly lingerMs?: number
}

/** Writes of one kind, gathered. */
export interface Batches<In, Out> {
  /** Writes one item, together with others of the same moment. Throws what `write` throws for its batch. */
  add(item: In): Promise<Out>
  /** Settles when nothing waits and nothing is under way. */
  drained(): Promise<void>
}

interface WaitingItem<In, Out> {
  readonly item: In
  readonly resolve: (out: Out) => void
  readonly reject: (error: unknown) => void
}

/** Gathers what is added in the same turn of the event loop, or while `atOnce` statements are under way. */
export function batches<In, Out>({ write, atOnce, most = 500, lingerMs }: BatchOptions<In, Out>): Batches<In, Out> {
  let waiting: WaitingItem<In, Out>[] = []
  const underWay = new Set<Promise<void>>()
  let planned = false

  function plan(): void {
    if (planned || waiting.length === 0 || underWay.size >= atOnce) return
    planned = true
    // All that is asked for in this turn of the event loop leaves together.
    if (lingerMs === undefined || waiting.length >= most) setImmediate(leave)
    else setTimeout(leave, lingerMs)
  }

  function leave(): void {
    planned = false
    const batch = waiting.slice(0, most)
    waiting = waiting.slice(most)
    const sending = send(batch).finally(() => {
      underWay.delete(sending)
      plan()
    })
    underWay.add(sending)
    plan()
  }

  async function send(batch: readonly WaitingItem<In, Out>[]): Promise<void> {
    try {
      const outs = await write(batch.map(({ item }) => item))
      for (const [index, out] of outs.entries()) batch[index]?.resolve(out)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        plan()
      }),
    async drained() {
      while (waiting.length > 0 || underWay.size > 0) await new Promise((next) => setTimeout(next, 5))
    },
  }
}
