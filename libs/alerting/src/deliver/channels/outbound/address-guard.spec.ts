import { AddressRefused, checkedAddresses, type Reach } from './address-guard';

const PUBLIC = ['93.184.215.14', '2606:4700::1111'];
const LOOPBACK = ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'];
const INSIDE = [
  '0.0.0.0',
  '::',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  'fe80::1',
  'fd00:ec2::254',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::ffff:10.0.0.1',
  '::10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  '2001:0:a00:1::',
];

async function isRefused(addresses: readonly string[], reach: Reach): Promise<boolean> {
  try {
    await checkedAddresses('receiver.example', reach, () => Promise.resolve(addresses));
    return false;
  } catch (error) {
    if (error instanceof AddressRefused) return true;
    throw error;
  }
}

describe('the addresses a channel may lead to', () => {
  it.each(INSIDE)('%s is inside somebody’s network, and never reached', async (address) => {
    for (const reach of ['public', 'loopback', 'public-or-loopback'] as const) expect(await isRefused([address], reach)).toBe(true);
  });

  it.each(LOOPBACK)('%s is this machine, and reached only where that is allowed', async (address) => {
    expect(await isRefused([address], 'public')).toBe(true);
    expect(await isRefused([address], 'loopback')).toBe(false);
    expect(await isRefused([address], 'public-or-loopback')).toBe(false);
  });

  it.each(PUBLIC)('%s is public, and no place for what must stay on this machine', async (address) => {
    expect(await isRefused([address], 'public')).toBe(false);
    expect(await isRefused([address], 'loopback')).toBe(true);
  });

  it('refuses a name with one address inside among public ones: nobody chooses which is taken', async () => {
    expect(await isRefused(['93.184.215.14', '10.0.0.1'], 'public')).toBe(true);
  });

  it('refuses what resolves to nothing or to no address', async () => {
    expect(await isRefused([], 'public')).toBe(true);
    expect(await isRefused(['not an address'], 'public')).toBe(true);
  });

  it('takes an address in a URL as it is, also in brackets', async () => {
    const never = (): Promise<string[]> => Promise.reject(new Error('looked up'));
    await expect(checkedAddresses('[::1]', 'public', never)).rejects.toThrow(AddressRefused);
    expect(await checkedAddresses('93.184.215.14', 'public', never)).toEqual(['93.184.215.14']);
  });
});
