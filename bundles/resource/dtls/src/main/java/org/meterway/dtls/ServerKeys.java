// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the gateway proves its identity with to meters that use raw public keys or certificates.
 *
 * @param privateKey EC private key
 * @param chain its certificate first, then the issuers'
 */
public record ServerKeys(PrivateKey privateKey, List<X509Certificate> chain) {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Duration VALIDITY = Duration.ofDays(20 * 365);
    private static final String COMMON_NAME_OID = "550403";
    private static final String ECDSA_WITH_SHA256_OID = "2a8648ce3d040302";

    public ServerKeys {
        chain = List.copyOf(chain);
    }

    /** The certificate of the private key. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Reads the key pair, or makes one and keeps it readable by its owner only. */
    public static ServerKeys loadOrCreate(Path file) throws IOException, GeneralSecurityException {
        if (!Files.exists(file)) {
            create(file);
        }
        return load(file);
    }

    /** Reads a PEM file with a PKCS #8 EC private key and a certificate chain. */
    public static ServerKeys load(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        Matcher matcher = PEM.matcher(text);
        PrivateKey key = null;
        while (matcher.find() && key == null) {
            if (matcher.group(1).equals("PRIVATE KEY")) {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
                key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            }
        }
        List<X509Certificate> chain = certificates(file);
        if (key == null || chain.isEmpty()) {
            throw new GeneralSecurityException(
                    file + " must hold an EC private key (BEGIN PRIVATE KEY) and its certificate (BEGIN CERTIFICATE)");
        }
        return new ServerKeys(key, chain);
    }

    /** All certificates of a PEM file. */
    public static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        StringBuilder only = new StringBuilder();
        Matcher matcher = PEM.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        while (matcher.find()) {
            if (matcher.group(1).equals("CERTIFICATE")) {
                only.append(matcher.group()).append('\n');
            }
        }
        try (InputStream in = new ByteArrayInputStream(only.toString().getBytes(StandardCharsets.US_ASCII))) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            return found.stream().map(X509Certificate.class::cast).toList();
        }
    }

    private static void create(Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] certificate = selfSigned("meterway", pair, Instant.now());
        String text = pem("PRIVATE KEY", pair.getPrivate().getEncoded()) + pem("CERTIFICATE", certificate);
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh);
        if (fresh.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            // Before the secret is in it.
            Files.setPosixFilePermissions(
                    fresh, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        }
        Files.writeString(fresh, text, StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String what, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }

    /** A version 3 certificate without extensions (RFC 5280, 4.1), signed with its own key. */
    public static byte[] selfSigned(String commonName, KeyPair pair, Instant now) throws GeneralSecurityException {
        return signed(commonName, pair, commonName, pair, now);
    }

    /** A certificate for a subject, signed by an issuer. */
    public static byte[] signed(String subject, KeyPair subjectKeys, String issuer, KeyPair issuerKeys, Instant now)
            throws GeneralSecurityException {
        byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256_OID));
        byte[] content = Der.sequence(
                Der.explicit0(Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(96, new SecureRandom()).setBit(96)),
                algorithm,
                name(issuer),
                Der.sequence(Der.time(now.minus(Duration.ofDays(1))), Der.time(now.plus(VALIDITY))),
                name(subject),
                subjectKeys.getPublic().getEncoded());
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(issuerKeys.getPrivate());
        signer.update(content);
        return Der.sequence(content, algorithm, Der.bits(signer.sign()));
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME_OID), Der.utf8(commonName))));
    }
}
