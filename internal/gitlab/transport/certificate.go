package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"time"
)

// certificateProblem says why the server's certificate is refused, and what to do about it.
func certificateProblem(refused *tls.CertificateVerificationError) (cause, hint string) {
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](refused.Err); ok && invalid.Reason == x509.Expired && invalid.Cert != nil {
		return outdated(invalid)
	}
	if name, ok := errors.AsType[x509.HostnameError](refused.Err); ok && name.Certificate != nil {
		return misnamed(name)
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](refused.Err); ok {
		return "certificate not trusted: signed by an unknown authority", hintAuthority
	}
	return "certificate not trusted: " + OneLine(refused.Err.Error(), MessageLimit), hintAuthority
}

const hintAuthority = "Set ca_file in .prodctl.yaml to the PEM file of your certificate authority"

// outdated is about a certificate outside of its period. x509 has one reason for both ends, and puts the time of the check in words only.
func outdated(e x509.CertificateInvalidError) (cause, hint string) {
	if strings.Contains(e.Detail, "is before") {
		return "certificate not valid before " + day(e.Cert.NotBefore), "Set the clock of this machine, which shows: date -u"
	}
	return "certificate expired on " + day(e.Cert.NotAfter),
		"Renew the certificate of GitLab, unless the clock of this machine is wrong: date -u"
}

func day(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// misnamed is about a certificate for other hosts.
func misnamed(e x509.HostnameError) (cause, hint string) {
	const most = 3
	names := e.Certificate.DNSNames
	for _, ip := range e.Certificate.IPAddresses {
		names = append(names[:len(names):len(names)], ip.String())
	}
	host := OneLine(e.Host, 80)
	if len(names) == 0 {
		return "certificate has no host name", "Replace the certificate of GitLab by one for " + host
	}
	more := ""
	if len(names) > most {
		names, more = names[:most], " and others"
	}
	list := OneLine(strings.Join(names, ", "), MessageLimit) + more
	return "certificate is for " + list + ", not for " + host, "Set --host to an address with the name in the certificate: " + list
}
