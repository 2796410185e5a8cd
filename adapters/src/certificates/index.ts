export { type Certificate, type CertificateFiles } from "./certificate.ts";
export { CertificateWatch } from "./certificate-watch.ts";
export { type Issued, issueAuthority, issueCertificate, localNames, type Names, type Validity } from "./issue.ts";
export { keepLocalCertificate, type LocalFiles } from "./local-certificate.ts";
export { certificateProblems } from "./problems.ts";
