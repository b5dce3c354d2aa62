/** Where an answer comes from: one account in one region, seen through one profile. */
export type Scope = {
  /** 12 digits, or null where AWS would not say */
  readonly account: string | null
  readonly region: string
  readonly profile: string | null
  readonly endpoint: 'aws' | 'sandbox' | 'custom'
}
