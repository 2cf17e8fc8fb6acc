// A receiver of Standard Webhooks that leaves the checking to the official library for Go.
//
//	SECRET=whsec_... go run .
//
// Takes any free port, prints where it listens, and prints each webhook it has accepted.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	secret := os.Getenv("SECRET")
	if secret == "" {
		log.Fatal("SECRET is not set")
	}
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		log.Fatal(err)
	}
	handle := func(writer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		if err := webhook.Verify(body, request.Header); err != nil {
			writer.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Printf("accepted %s\n", body)
		writer.WriteHeader(http.StatusOK)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listens on http://%s/\n", listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(handle)))
}
