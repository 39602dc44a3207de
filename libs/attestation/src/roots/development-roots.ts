import type { TrustRoots } from '../policy/trust-roots.ts';

/**
 * Roots of evidence that is made for development (`tools/evidence`). Everybody can make their private keys, so whatever ends in
 * them proves nothing to anybody; each verdict says so, and production refuses them.
 */
export const developmentRoots: TrustRoots = {
  intel: [
    {
      name: 'development root in place of Intel SGX Root CA',
      development: true,
      der: [
        'MIIB4DCCAYWgAwIBAgIQV77STVrz7ty5NnCNQDcPNjAKBggqhkjOPQQDAjA/MRowGAYDVQQDDBFJbnRlbCBTR1ggUm9vdCBDQTEh',
        'MB8GA1UECgwYT1JHTiBHYXRld2F5IGRldmVsb3BtZW50MB4XDTIwMDEwMTAwMDAwMFoXDTQ5MTIzMTIzNTk1OVowPzEaMBgGA1UE',
        'AwwRSW50ZWwgU0dYIFJvb3QgQ0ExITAfBgNVBAoMGE9SR04gR2F0ZXdheSBkZXZlbG9wbWVudDBZMBMGByqGSM49AgEGCCqGSM49',
        'AwEHA0IABJGU7KmHC81zhaVvnRX2xwEKDsHbPeSm+njPV5ynq5TK0pDA4J2XUiIgk0xnn0bet+az9KVqFbi0sU8I5qxvYaOjYzBh',
        'MB8GA1UdIwQYMBaAFCeYE3sBKv3vSn+C9vliRGazJKSuMB0GA1UdDgQWBBQnmBN7ASr970p/gvb5YkRmsySkrjAOBgNVHQ8BAf8E',
        'BAMCAQYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAkaRdgcnWHKyQxwITdaefAxkHgO7agJ/5kRN+rHemX2UC',
        'IQDTbTmIfoUPPi9iINYwUKEuB79IcfQkVTwDwIiftZtD3A==',
      ].join(''),
    },
  ],
  nvidiaDevice: [
    {
      name: 'development root in place of NVIDIA Device Identity CA',
      development: true,
      der: [
        'MIICKzCCAbKgAwIBAgIQeimd9cxBJuwrJNPSUNmq8TAKBggqhkjOPQQDAzBHMSIwIAYDVQQDDBlOVklESUEgRGV2aWNlIElkZW50',
        'aXR5IENBMSEwHwYDVQQKDBhPUkdOIEdhdGV3YXkgZGV2ZWxvcG1lbnQwHhcNMjAwMTAxMDAwMDAwWhcNNDkxMjMxMjM1OTU5WjBH',
        'MSIwIAYDVQQDDBlOVklESUEgRGV2aWNlIElkZW50aXR5IENBMSEwHwYDVQQKDBhPUkdOIEdhdGV3YXkgZGV2ZWxvcG1lbnQwdjAQ',
        'BgcqhkjOPQIBBgUrgQQAIgNiAARh5eSG0XnP+dlZGDMgvhx1vbvpj+1EJMX67fb4Ko2+3IqCuMBhi/SttBMaH8WYEs0kR9ohux9J',
        'I4f70b/v9lwN+diofIWfBXsQxhqr0n3/Z4n6Seo3zGvU1I3vJVu+n16jYzBhMB8GA1UdIwQYMBaAFM/doyJ4WsgeJIFqxGVANdNv',
        'pymtMB0GA1UdDgQWBBTP3aMieFrIHiSBasRlQDXTb6cprTAOBgNVHQ8BAf8EBAMCAQYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjO',
        'PQQDAwNnADBkAjBSvYbwP3EbBfzwaM+7rmAsdCn6RnD/+z8IM0b+1JsWeryoFGIk3AB38ypuPC2Q2wwCMGVg7LAOTpIcEUl51M3J',
        '79hhSdm98aUANN/rgcMkYqV5BXBvXKy6HiI3V3xHWySl7Q==',
      ].join(''),
    },
  ],
  nvidiaService: [
    {
      name: 'development root in place of NVIDIA Attestation Service CA',
      development: true,
      der: [
        'MIICPTCCAcKgAwIBAgIQbjdQDy3HJB10Q/KYsiQsUzAKBggqhkjOPQQDAzBPMSowKAYDVQQDDCFOVklESUEgQXR0ZXN0YXRpb24g',
        'U2VydmljZSBDQSAwMDExITAfBgNVBAoMGE9SR04gR2F0ZXdheSBkZXZlbG9wbWVudDAeFw0yMDAxMDEwMDAwMDBaFw00OTEyMzEy',
        'MzU5NTlaME8xKjAoBgNVBAMMIU5WSURJQSBBdHRlc3RhdGlvbiBTZXJ2aWNlIENBIDAwMTEhMB8GA1UECgwYT1JHTiBHYXRld2F5',
        'IGRldmVsb3BtZW50MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEN6MUFUSugED6LCzN0tTsijNBp+yeYyGiJQ3WgzixZfW2/hbqVhzK',
        '8fMLWusU9hjJXHlfVmNARs5P5tdCcv9fkEDviCMvUAXgRDJM3dmnLhaCOccqUifnUtQd9m7OzLZvo2MwYTAfBgNVHSMEGDAWgBQT',
        'nnt/uR7ncuhBefHX0hU/je7BjjAdBgNVHQ4EFgQUE557f7ke53LoQXnx19IVP43uwY4wDgYDVR0PAQH/BAQDAgEGMA8GA1UdEwEB',
        '/wQFMAMBAf8wCgYIKoZIzj0EAwMDaQAwZgIxALVD/BMYoqBceCaLvqB5s4JDgvH6mTZGZQAOKXWp7Z3NLs3GiRePC2YSpYmFFJUq',
        'OQIxAJiR9w3g1Q6zU6i1/BGDUmGNkgTvI6+E5qXOso8AhvDsqzLRwNWv+I5MCHPgX7Z17w==',
      ].join(''),
    },
  ],
};

/** Both: for whoever allows development roots, and still wants real evidence verified. */
export const withDevelopmentRoots = (roots: TrustRoots): TrustRoots => ({
  intel: [...roots.intel, ...developmentRoots.intel],
  nvidiaDevice: [...roots.nvidiaDevice, ...developmentRoots.nvidiaDevice],
  nvidiaService: [...roots.nvidiaService, ...developmentRoots.nvidiaService],
});
