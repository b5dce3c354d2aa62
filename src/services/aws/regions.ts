import regions from '../../data/regions.json' with {type: 'json'}

const known: ReadonlySet<string> = new Set(regions.names)

/**
 * What to say of a region's name that AWS had not published when this list was made (src/data/regions.json); null for one
 * that it had. Never a reason to refuse: regions are added, and servers other than AWS have their own.
 */
export function checkRegionName(region: string): string | null {
  return known.has(region) ? null : `no AWS region of that name was known on ${regions.asOf}`
}

/** The regions that AWS had published when the list was made. */
export const regionNames: readonly string[] = regions.names
