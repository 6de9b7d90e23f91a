package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"trial/generated"
)

func main() {
	client := &http.Client{}
	decoder, encoder := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for sent := (sentCase{}); decoder.Decode(&sent) == nil; sent = (sentCase{}) {
		if len(os.Args) > 1 { // mended
			client.Timeout = time.Duration(sent.DeadlineMs) * time.Millisecond
			client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		}
		encoder.Encode(replyTo(sent.ID, call(client, sent)))
	}
}

func call(client *http.Client, sent sentCase) error {
	api, err := generated.NewClientWithResponses(sent.BaseURL, generated.WithHTTPClient(client),
		generated.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
			request.Header.Set("Authorization", "Bearer "+sent.Token)
			return nil
		}))
	if err != nil {
		return err
	}
	ctx, order, borrower, phone := context.Background(), sent.IDs["order_id"], sent.IDs["borrower_id"], sent.IDs["phone_id"]
	switch sent.Operation {
	case "listBorrowers":
		response, err := api.ListBorrowersWithResponse(ctx, order)
		return check(response, err)
	case "listBorrowerPhones":
		response, err := api.ListBorrowerPhonesWithResponse(ctx, order, borrower)
		return check(response, err)
	case "createBorrowerPhone":
		body := generated.BorrowerPhoneCreate{}
		json.Unmarshal(sent.Body, &body)
		response, err := api.CreateBorrowerPhoneWithResponse(ctx, order, borrower, body)
		return check(response, err)
	case "updateBorrowerPhone":
		body := generated.BorrowerPhoneUpdate{}
		json.Unmarshal(sent.Body, &body)
		response, err := api.UpdateBorrowerPhoneWithResponse(ctx, order, borrower, phone, body)
		return check(response, err)
	}
	response, err := api.DeleteBorrowerPhoneWithResponse(ctx, order, borrower, phone)
	return check(response, err)
}

func check(response interface{ StatusCode() int }, err error) error {
	if err == nil && response.StatusCode() != 200 {
		return fmt.Errorf("status %d", response.StatusCode())
	}
	return err
}
