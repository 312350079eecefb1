export async function measureModel() {
  return { available: false, reason: 'pending' }
}
