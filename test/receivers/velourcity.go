// A receiver of Velourcity's webhooks, as its page tells it. Go's standard library alone.
//
//	SECRET=... go run velourcity.go
//
// Takes any free port, prints where it listens, and prints each webhook it has accepted.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
)

type webhook struct {
	Event     string          `json:"event"`
	Timestamp string          `json:"timestamp"`
	ID        string          `json:"id"`
	Data      json.RawMessage `json:"data"`
}

func isSigned(secret string, body []byte, signature string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	expected := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(expected), []byte(signature))
}

// judge gives the status to answer with.
func judge(secret string, header http.Header, body []byte) int {
	if !isSigned(secret, body, header.Get("X-Velourcity-Signature")) {
		return http.StatusUnauthorized
	}
	var received webhook
	if err := json.Unmarshal(body, &received); err != nil || received.ID == "" || received.Data == nil {
		return http.StatusBadRequest
	}
	attempt, err := strconv.Atoi(header.Get("X-Velourcity-Delivery-Attempt"))
	if err != nil || attempt < 1 ||
		header.Get("X-Velourcity-Event") != received.Event ||
		header.Get("User-Agent") != "Velourcity-Webhooks/1.0" ||
		header.Get("Content-Type") != "application/json" {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func main() {
	secret := os.Getenv("SECRET")
	if secret == "" {
		log.Fatal("SECRET is not set")
	}
	handle := func(writer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		status := judge(secret, request.Header, body)
		if status == http.StatusOK {
			fmt.Printf("accepted %s\n", body)
		}
		writer.WriteHeader(status)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listens on http://%s/\n", listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(handle)))
}
