package main

import (
	"encoding/json"
	"net/http"
	"os"
	"time"
)

type sentCase struct {
	ID         string
	Operation  string
	BaseURL    string `json:"base_url"`
	Token      string
	IDs        map[string]int64
	Body       json.RawMessage
	DeadlineMs int64 `json:"deadline_ms"`
}

// serve makes one call for each line on stdin.
func serve(client *http.Client, call func(sentCase) error) {
	decoder, encoder := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for sent := (sentCase{}); decoder.Decode(&sent) == nil; sent = (sentCase{}) {
		if len(os.Args) > 1 { // mended
			client.Timeout = time.Duration(sent.DeadlineMs) * time.Millisecond
			client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		}
		reply := map[string]string{"id": sent.ID, "outcome": "ok"}
		if err := call(sent); err != nil {
			reply["outcome"], reply["output"] = "error", err.Error()
		}
		encoder.Encode(reply)
	}
}
